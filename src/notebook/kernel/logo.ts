/** The kernel's picture in a launcher: a logistic curve, and the choice on it. */
export const logo = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64" role="img" aria-label="maxent-logit">
<rect x="2" y="2" width="60" height="60" rx="12" fill="#2f5d8a"/>
<path d="M10 51C30 51 28 13 54 13" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/>
<circle cx="29.5" cy="36" r="6.5" fill="#f2b134" stroke="#2f5d8a" stroke-width="2.5"/>
</svg>
`;
