/** Words that the thread of the cells shares with the thread that watches it: numbers of cells, 0 for none. */
export const slots = {
  /** The cell that runs. */
  running: 0,
  /** How many would hear that it shall stop. */
  hearers: 1,
  /** The cell that was asked to stop. */
  asked: 2,
  /** The cell that must stop where it is. */
  cut: 3,
  /** 1 while code runs that a signal can break off. */
  inside: 4
} as const;
