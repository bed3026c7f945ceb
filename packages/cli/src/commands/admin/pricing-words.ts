/** Hundredths of a percent: `14.2%`. */
export const share = (bps: number): string => `${bps / 100}%`;
