/** `2027-01-01 00:00`, in UTC as everywhere. */
export const moment = (instant: string): string => instant.slice(0, 16).replace('T', ' ');

/** Hundredths of a percent: `14.2%`. */
export const share = (bps: number): string => `${bps / 100}%`;
