import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, problemText, toProblem } from '@/api/problem'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { SandboxHint } from '@/features/signing/sandbox-hint'
import { useFormat } from '@/i18n/format'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { IdentityConsent } from './identity-consent'
import { IdentityFields, identityNames } from './identity-fields'
import { useIdentityAct, useIdentityHost } from './identity-host'
import { asksPhone, methodFor, ownConsent } from './identity-methods'
import type { IdentityTyped } from './identity-typed'
import { IdentityWays } from './identity-ways'
import { tidyResidentId } from './resident-id'

/** Who the signer is: name and number, and what the chosen way asks for besides. */
export function IdentityForm({ typed }: { typed: IdentityTyped }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { identity, isAgent, acts, Frame, Bar } = useIdentityHost()
  const { methods, consents, refused, refused_note } = identity
  const { values, setValues, wanted, setWanted } = typed
  const [agreed, setAgreed] = useState<'face' | 'photo' | null>(null)
  const [missing, setMissing] = useState(false)
  const method = methodFor(methods, values.document, wanted)
  const own = ownConsent(method)
  const act = useIdentityAct(acts.check)
  const { field } = fieldProblem(act.error, identityNames)
  const before = useMemo(() => (refused ? refusal(refused) : null), [refused])
  const said = act.error ?? before

  const submit = () => {
    setMissing(own !== agreed)
    if (!method || own !== agreed) return
    const phone = values.phone.replace(/[\s-]/g, '')
    act.mutate({
      name: values.name.trim(),
      document: values.document,
      id_number: tidyResidentId(values.id_number),
      method,
      ...(asksPhone(method) ? { phone } : {}),
      ...(method === 'four_elements' ? { bank_card: values.bank_card.replace(/[\s-]/g, '') } : {}),
      consent: {
        version: consents.version,
        locale: currentLocale(),
        face: agreed === 'face',
        photo: agreed === 'photo',
      },
    })
  }

  return (
    <Frame
      title={t('identity.title')}
      lead={
        <>
          {isAgent ? <p>{t('identity.agent_lead')}</p> : null}
          <p>{t('identity.lead')}</p>
        </>
      }
      onSubmit={submit}
      bar={
        <Bar>
          <Button type="submit" loading={act.isPending} disabled={!method}>
            {t(own ? `identity.submit_${own}` : 'identity.submit')}
          </Button>
        </Bar>
      }
    >
      <SandboxHint hint="people" />
      <ProblemAlert error={field ? null : said} takeFocus={act.isError || Boolean(refused)}>
        {refused_note && !act.error ? <p>{t('identity.review.note', { note: refused_note })}</p> : null}
      </ProblemAlert>
      <IdentityFields
        values={values}
        method={method}
        onChange={(name, value) => {
          setValues((old) => ({ ...old, [name]: value }))
          if (field === name) act.reset()
        }}
        refused={field ? { name: field, text: problemText(toProblem(act.error), format) } : null}
      />
      <IdentityWays
        methods={methods}
        document={values.document}
        method={method}
        open={Boolean(refused) || (act.isError && !field)}
        onChange={(next) => {
          setWanted(next)
          setAgreed(null)
          act.reset()
        }}
      />
      <IdentityConsent
        own={own}
        agreed={own !== null && agreed === own}
        missing={missing && own !== agreed}
        onAgree={(yes) => setAgreed(yes ? own : null)}
        onRefuseOwn={() => {
          setAgreed(null)
          setWanted('three_elements')
        }}
      />
    </Frame>
  )
}

/** The authority's no to what was given before, in the words of a problem. */
function refusal(reason: string) {
  const codes: Record<string, string> = { identity: 'identity_mismatch', phone: 'phone_mismatch' }
  return new ApiProblem({ code: codes[reason] ?? 'identity_refused', status: 422, params: { reason } })
}
