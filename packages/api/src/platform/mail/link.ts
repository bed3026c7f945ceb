import { type Config, serverUrl } from '../config.ts';

/**
 * The address of a page of the marketplace, for mail. What must not be seen on the way goes behind `#`: browsers keep
 * that to themselves, so it is in no log of a server or proxy.
 */
export function linkTo(
  config: Pick<Config, 'appUrl' | 'publicUrl' | 'port'>,
  page: `/${string}`,
  secret?: Readonly<Record<string, string>>,
): string {
  const hidden = secret ? `#${new URLSearchParams(secret)}` : '';
  return `${config.appUrl ?? serverUrl(config)}${page}${hidden}`;
}
