import {homedir} from "node:os";
import {delimiter, join} from "node:path";
import {ChoiceError, quote} from "../../errors.js";

/** Where a kernel is installed: for the user, or under a prefix. */
export interface Place {
  readonly user?: boolean;
  /** A folder; its share/jupyter is meant. */
  readonly prefix?: string;
  /** The environment that is active (VIRTUAL_ENV or CONDA_PREFIX). */
  readonly sysPrefix?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder that Jupyter keeps its data in, as Jupyter itself decides it.
 *
 * @throws {ChoiceError} kernel/place when more than one place is asked for, or no environment is active
 */
export function dataFolder({user, prefix, sysPrefix}: Place, env: Environment = process.env): string {
  const asked = [user, prefix !== undefined, sysPrefix].filter(Boolean).length;
  if (asked > 1) throw new ChoiceError("kernel/place", {at: "kernel install", saw: "more than one of --user, --prefix and --sys-prefix", want: "one of them"});
  if (prefix !== undefined) return join(prefix, "share", "jupyter");
  if (!sysPrefix) return userFolder(env);
  const active = env.VIRTUAL_ENV || env.CONDA_PREFIX;
  if (!active) throw new ChoiceError("kernel/place", {at: "kernel install --sys-prefix", saw: "neither VIRTUAL_ENV nor CONDA_PREFIX is set", want: "an environment of Python that is active", hint: "activate it, or give its folder with --prefix"});
  return join(active, "share", "jupyter");
}

function userFolder(env: Environment): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  const home = env.HOME || homedir();
  if (process.platform === "darwin") return join(home, "Library", "Jupyter");
  if (process.platform === "win32") return env.APPDATA ? join(env.APPDATA, "jupyter") : join(home, ".jupyter", "data");
  return join(env.XDG_DATA_HOME || join(home, ".local", "share"), "jupyter");
}

/** The folders in which Jupyter looks for kernels, the first that has one winning. */
export function searchPath(env: Environment = process.env): readonly string[] {
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((path) => !!path).map((path) => join(path!, "share", "jupyter"));
  const named = (env.JUPYTER_PATH ?? "").split(delimiter).filter((path) => path !== "");
  const shared = process.platform === "win32" ? [join(env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter")] : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  return [...new Set([...named, userFolder(env), ...environments, ...shared])];
}

/** The place in the user's words, for messages. */
export const described = ({prefix, sysPrefix}: Place): string => (prefix !== undefined ? `--prefix ${quote(prefix)}` : sysPrefix ? "--sys-prefix" : "--user");
