import { Button, Checkbox } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { leadOrganization, showFace } from '@/features/signing/api'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { isFace, type MethodName, methodFor } from '@/features/signing/identity/identity-methods'
import { IdentityWays } from '@/features/signing/identity/identity-ways'
import { Screen } from '@/features/signing/screen'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { OrganizationFound } from './organization-found'

interface OrganizationLeaderProps {
  organization: OrganizationState
  ways: ReactNode
}

/** The signer leads the company: their face once, then the registry compares their number beside their name. */
export function OrganizationLeader({ organization, ways }: OrganizationLeaderProps) {
  const { t } = useTranslation('signing')
  const { rcp, go, ceremony } = useSigning()
  const { consents, methods } = ceremony.identity
  const locale = currentLocale()
  const ready = organization.ways.some(({ way, ready }) => way === 'legal_representative' && ready)
  const faces = methods.filter(({ method }) => isFace(method))
  const [method, setMethod] = useState<MethodName | null>(methodFor(faces, 'resident_id', 'face_alipay'))
  const [agreed, setAgreed] = useState(false)
  const [missing, setMissing] = useState(false)
  const act = useAct(rcp, () =>
    ready || !method
      ? leadOrganization(rcp)
      : showFace(rcp, { method, consent: { version: consents.version, locale, face: true } }),
  )
  const submit = () => {
    setMissing(!ready && !agreed)
    if (ready || agreed) act.mutate(undefined, { onSuccess: ({ step }) => go(step) })
  }

  return (
    <Screen
      title={t('organization.leader_title')}
      lead={<p>{t(ready ? 'organization.leader_ready' : 'organization.leader_lead')}</p>}
      onSubmit={submit}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t(ready ? 'organization.leader_submit' : 'organization.leader_face')}
          </Button>
        </StepBar>
      }
    >
      <OrganizationFound organization={organization} />
      {ways}
      <ProblemAlert error={act.error} takeFocus />
      {ready ? null : (
        <>
          <IdentityWays methods={faces} document="resident_id" method={method} open onChange={setMethod} />
          <section className={classes.card} lang={locale} aria-label={t('identity.consent_title')}>
            <div className={classes.prose}>
              {consents.face[locale].map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
              <Checkbox
                checked={agreed}
                onChange={(event) => {
                  setAgreed(event.currentTarget.checked)
                  setMissing(false)
                }}
                label={t('identity.face_agree')}
                error={missing ? t('identity.face_missing') : undefined}
                aria-invalid={missing}
                required
              />
            </div>
          </section>
        </>
      )}
    </Screen>
  )
}
