import { Sojourn } from '@sojourn/sdk';
import packageJson from '../package.json' with { type: 'json' };

/** The SDK as the CLI uses it. Without credentials only open operations work. */
export const openClient = (
  baseUrl: string,
  credentials: { apiKey?: string; accessToken?: string } = {},
): Sojourn =>
  new Sojourn({ baseUrl, ...credentials, headers: { 'user-agent': `sojourn-cli/${packageJson.version}` } });
