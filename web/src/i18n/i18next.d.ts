import 'i18next'
import type account from './en/account.json'
import type certificate from './en/certificate.json'
import type common from './en/common.json'
import type directory from './en/directory.json'
import type editor from './en/editor.json'
import type envelope from './en/envelope.json'
import type identity from './en/identity.json'
import type landing from './en/landing.json'
import type problem from './en/problem.json'
import type review from './en/review.json'
import type sandbox from './en/sandbox.json'
import type signing from './en/signing.json'
import type verify from './en/verify.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: {
      common: typeof common
      certificate: typeof certificate
      account: typeof account
      identity: typeof identity
      landing: typeof landing
      envelope: typeof envelope
      directory: typeof directory
      editor: typeof editor
      signing: typeof signing
      verify: typeof verify
      review: typeof review
      sandbox: typeof sandbox
      problem: typeof problem
    }
  }
}
