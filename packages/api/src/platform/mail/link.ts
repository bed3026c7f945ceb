import type { Config } from '../config.ts';

/**
 * The address of a page of the marketplace, for mail. What must not be seen on the way goes behind `#`: browsers keep
 * that to themselves, so it is in no log of a server or proxy.
 */
export function linkTo(
  { appUrl, port }: Pick<Config, 'appUrl' | 'port'>,
  page: `/${string}`,
  secret?: Readonly<Record<string, string>>,
): string {
  const hidden = secret ? `#${new URLSearchParams(secret)}` : '';
  return `${appUrl ?? `http://localhost:${port}`}${page}${hidden}`;
}
