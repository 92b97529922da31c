/**
 * The look of a card. Colours follow the notebook: its own variables first, then the editor's, then whatever surrounds;
 * so that light and dark need no detection. Contrast of the fixed colours is at least 4.5:1 for text, 3:1 for marks, on
 * white and on near-black.
 */
export const style = (scope: string): string => {
  const s = `.${scope}`;
  const t = s + s + s; // said three times to outweigh a notebook's own rules for tables, which stand everything on the right
  return `
${s}{--fg:var(--jp-content-font-color1,var(--vscode-editor-foreground,currentColor));--soft:var(--jp-content-font-color2,var(--vscode-descriptionForeground,currentColor));--line:var(--jp-border-color1,var(--vscode-editorWidget-border,#8b949e));color:var(--fg);font-size:13px;line-height:1.45;overflow-x:auto;max-width:100%}
${t} table{border-collapse:collapse;border:0;border-top:2px solid var(--fg);border-bottom:2px solid var(--fg);margin:0 0 6px;color:inherit;font-size:inherit;font-variant-numeric:tabular-nums;width:auto}
${t} caption{caption-side:top;text-align:left;font-weight:600;padding:2px 0 6px;color:inherit}
${t} :is(th,td){border:0;padding:2px 6px;background:none;white-space:nowrap;font-weight:400;vertical-align:baseline;color:inherit}
${t} :is(th,td){text-align:left}${t} :is(th,td)[align=right]{text-align:right}
${t} .j{padding-left:0}
${t} thead :is(th,td){border-bottom:1px solid var(--line);font-weight:600;white-space:normal;vertical-align:bottom}
${t} tbody tr,${t} thead tr{background:none}
${t} th[scope=rowgroup]{padding-top:8px;color:var(--soft);font-style:italic}
${t} th[scope=row]{white-space:normal;overflow-wrap:break-word;max-width:24em}${t} th[scope=row]:empty~td{padding-top:0}
${s} small{color:var(--soft);font-size:11px}
${s} abbr{text-decoration:underline dotted;text-underline-offset:2px;cursor:help}
${s} svg{vertical-align:middle}
${s} code{font-size:12px;background:none;padding:0;color:inherit}${s} code.t{display:none}
${s} p{margin:3px 0;max-width:60em}${s} .heading{font-weight:600}${s} .foot,${s} details{color:var(--soft);font-size:12px}
${s} .warning{border-left:3px solid #c77700;padding-left:8px}
${s} summary{cursor:pointer}${s} dl{display:grid;grid-template-columns:max-content auto;gap:1px 12px;margin:4px 0 4px 14px}${s} :is(dt,dd){margin:0;font-weight:400}${s} dd{overflow-wrap:anywhere}
`;
};
