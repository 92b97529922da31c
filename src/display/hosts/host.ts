/** A value in several MIME types. */
export type Data = Readonly<Record<string, unknown>>;

export interface ShowOptions {
  /** Names the place where it is shown, so that it can be shown anew. */
  readonly displayId?: string;
  /** Shows it in the place of what was shown under that name. */
  readonly update?: boolean;
  readonly metadata?: Data;
}

/** What runs the cells of a notebook, as far as a library can tell. */
export interface Host {
  readonly name: "kernel" | "deno" | "tslab";
  /** Whether somebody looks on: a notebook that runs headless is read when it is done. */
  readonly live: boolean;
  show(data: Data, options?: ShowOptions): void;
  /** Listens for the user's wish to stop, until the function that it returns is called. Absent where a host tells nobody. */
  onInterrupt?(listener: () => void): () => void;
}

/** The content of a message that shows or updates, as Jupyter's protocol has it. */
export const content = (data: Data, {displayId, metadata = {}}: ShowOptions = {}) =>
  ({data: {...data}, metadata: {...metadata}, transient: displayId === undefined ? {} : {display_id: displayId}}); // spread: a bundle may draw its parts when they are read
