import {execFile} from "node:child_process";
import {promisify} from "node:util";

/** The peers that the benchmarks know; each has a script in peers/. */
export const peers = ["xlogit", "jaxlogit", "torchdcm", "biogeme", "larch"];

const python = process.env.BENCH_PYTHON ?? "python3";

const asking = `
import importlib.metadata, importlib.util, json, platform, sys
found = {}
for name in sys.argv[1:]:
    if importlib.util.find_spec(name):
        try: found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError: found[name] = "unknown version"
print(json.dumps({"python": platform.python_version(), "packages": found}))`;

/** What this machine's Python has: {python, packages} by name and version; undefined without a Python. */
export async function installed() {
  try {
    const {stdout} = await promisify(execFile)(python, ["-c", asking, ...peers, "numpy", "scipy", "jax", "torch", "numba"], {timeout: 60_000});
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

/** Leaves a program one thread, whichever of these libraries it counts with. */
export const single = {
  OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1", NUMEXPR_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1",
  XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
};

/** No AVX-512 loop for exp, on machines that have it: numpy then calls the C library for each number. */
export const scalar = {NPY_DISABLE_CPU_FEATURES: "AVX512F AVX512_SKX X86_V4"};

export const command = python;
