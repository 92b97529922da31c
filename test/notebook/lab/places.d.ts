export const labFolder: string;
export function python(command: string): string;
export function hasLab(packages?: readonly string[]): boolean;
export function browser(): string | undefined;
