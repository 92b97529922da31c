/** Colours told apart by all eyes (Okabe and Ito 2008), darkened where needed for 3:1 on white; always with a shape. */
export const palette = ["#0072b2", "#d55e00", "#007e5b", "#a8538b", "#8a6d00", "#3a8fbf"] as const;
export const shapes = ["circle", "triangle", "square", "diamond", "star", "wye"] as const;

export const figureWidth = 640;

/** Room for labels of so many characters, in pixels. */
export const margin = (labels: readonly string[], most = 34): number => 22 + 6.7 * Math.min(most, Math.max(4, ...labels.map((l) => [...l].length)));
