// A real OpenID provider (panva's oidc-provider) on a free port of this machine, until it is told to end. Its arguments are
// the redirect URI and the clients' secret; it says its issuer in the first line that it writes.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const [redirectUri, secret] = process.argv.slice(2)

const kinds = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
}

const keys = Object.entries(kinds).map(([alg, [kind, options]]) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  alg,
  use: 'sig',
  kid: `${alg}-1`,
}))

const client = (alg, more) => ({
  client_id: `vermilion-${alg}`,
  client_secret: secret,
  redirect_uris: [redirectUri],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  id_token_signed_response_alg: alg,
  ...more,
})

/** One client for each algorithm, and for each way of showing who one is. */
const clients = [
  client('RS256'),
  client('PS256', { token_endpoint_auth_method: 'client_secret_post' }),
  client('ES256'),
  { ...client('EdDSA', { token_endpoint_auth_method: 'none' }), client_secret: undefined },
]

/** Whoever signs in has the address that they signed in with. */
const findAccount = (_, id) => ({
  accountId: id,
  claims: () => ({ sub: id, name: 'Wang Hongkun', email: id, email_verified: !id.startsWith('unverified') }),
})

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients,
    findAccount,
    jwks: { keys },
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    enabledJWA: { idTokenSigningAlgValues: Object.keys(kinds) },
    cookies: { keys: ['a key for this run alone'] },
    features: { devInteractions: { enabled: true } },
  })
  server.on('request', provider.callback())
  process.stdout.write(`${issuer}\n`)
})
