import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** One secret of the marketplace, from which every key is derived, so that there is one thing to keep. */
export interface Keyring {
  /** Signs access tokens. */
  signing: { id: string; privateKey: KeyObject; publicKey: KeyObject };
  /** Verify access tokens: the current key and those still trusted, by key id. */
  verifying: Map<string, KeyObject>;
  seal(plaintext: Buffer, purpose: string): Buffer;
  /** Undefined when no known secret opens it. */
  open(sealed: Buffer, purpose: string): Buffer | undefined;
}

// RFC 8410: the fixed DER head of an Ed25519 private key, followed by its 32-byte seed.
const ED25519_PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

const derive = (secret: string, purpose: string) =>
  Buffer.from(hkdfSync('sha256', secret, 'sojourn', purpose, 32));

function signingKey(secret: string) {
  const der = Buffer.concat([ED25519_PKCS8_HEAD, derive(secret, 'access-token')]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    id: derive(secret, 'access-token-key-id').toString('base64url').slice(0, 16),
    privateKey,
    publicKey: createPublicKey(privateKey),
  };
}

/** @param secrets the first signs and seals; all of them verify and open, so that a secret can be replaced in two steps. */
export function openKeyring(secrets: [string, ...string[]]): Keyring {
  const signers = secrets.map(signingKey);
  return {
    signing: signers[0]!,
    verifying: new Map(signers.map(({ id, publicKey }) => [id, publicKey])),
    seal(plaintext, purpose) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', derive(secrets[0], purpose), nonce);
      return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, purpose) {
      for (const secret of secrets) {
        try {
          // Without its length a shorter tag would do, which somebody can guess.
          const decipher = createDecipheriv('aes-256-gcm', derive(secret, purpose), sealed.subarray(0, 12), {
            authTagLength: 16,
          });
          decipher.setAuthTag(sealed.subarray(-16));
          return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
        } catch {
          // Sealed under another of the secrets, or under none: the next one is tried.
        }
      }
      return undefined;
    },
  };
}
