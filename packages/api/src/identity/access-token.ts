import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { serverUrl } from '../platform/config.ts';
import type { Context, Resources } from '../platform/context.ts';
import { publicId, randomText, uuidOf } from '../platform/id.ts';
import { ACCESS_TOKEN_SECONDS } from './model.ts';

const TYPE = 'at+jwt';
const ALGORITHM = 'EdDSA';
const AUDIENCE = 'sojourn-api';

/** What an access token says. What its bearer may do is not in it: that is looked up, so that it can be taken away. */
export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
  expiresAt: Date;
}

export function signAccessToken(
  { config, clock, keyring }: Context,
  { userId, sessionId }: { userId: string; sessionId: string },
): Promise<string> {
  const now = Math.floor(clock.now().getTime() / 1_000);
  return new SignJWT({ sid: publicId('ses', sessionId) })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: keyring.signing.id })
    .setIssuer(serverUrl(config))
    .setAudience(AUDIENCE)
    .setSubject(publicId('usr', userId))
    .setJti(randomText(20))
    .setIssuedAt(now)
    .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
    .sign(keyring.signing.privateKey);
}

/** The claims of a token that we signed, for us, as an access token, and that has not expired (RFC 9068); else undefined. */
export async function verifyAccessToken(
  { config, clock, keyring }: Resources,
  token: string,
): Promise<AccessTokenClaims | undefined> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid = '' }) => {
        const key = keyring.verifying.get(kid);
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: serverUrl(config),
        audience: AUDIENCE,
        currentDate: clock.now(),
        requiredClaims: ['sub', 'sid', 'exp', 'iat'],
      },
    );
    return claimsOf(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function claimsOf({ sub, sid, exp }: JWTPayload): AccessTokenClaims | undefined {
  const userId = uuidOf('usr', String(sub));
  const sessionId = uuidOf('ses', String(sid));
  return userId && sessionId ? { userId, sessionId, expiresAt: new Date(exp! * 1_000) } : undefined;
}
