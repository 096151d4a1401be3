import { Button, Checkbox, Radio, Stack, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { askAuthorization } from '@/features/signing/api'
import type { OrganizationState } from '@/features/signing/ceremony-types'
import { fieldProblem } from '@/features/signing/document/field-problem'
import { Screen } from '@/features/signing/screen'
import { useSigning } from '@/features/signing/signing-context'
import { StepBar } from '@/features/signing/step-bar'
import { useAct } from '@/features/signing/use-ceremony'
import { useFormat } from '@/i18n/format'
import { currentLocale } from '@/i18n/i18n'
import { type Locale, localeNames } from '@/i18n/locale'
import { ProblemAlert } from '@/ui/problem-alert'
import { OrganizationFound } from './organization-found'

interface OrganizationAskProps {
  organization: OrganizationState
  ways: ReactNode
}

const locales: readonly Locale[] = ['zh-CN', 'en']

/** Somebody else leads the company: they get a link, show their face and sign the authorization. */
export function OrganizationAsk({ organization, ways }: OrganizationAskProps) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const { rcp } = useSigning()
  const [contact, setContact] = useState('')
  const [locale, setLocale] = useState<Locale>(currentLocale())
  const [administer, setAdminister] = useState(false)
  const act = useAct(rcp, () => askAuthorization(rcp, { contact: contact.trim(), locale, administer }))
  const { field } = fieldProblem(act.error, ['contact'])

  return (
    <Screen
      title={t('organization.ask_title')}
      lead={<p>{t('organization.ask_lead', { name: organization.legal_representative_masked ?? '' })}</p>}
      onSubmit={() => act.mutate()}
      bar={
        <StepBar>
          <Button type="submit" loading={act.isPending}>
            {t('organization.ask_submit')}
          </Button>
        </StepBar>
      }
    >
      <OrganizationFound organization={organization} />
      {ways}
      <ProblemAlert error={field ? null : act.error} takeFocus />
      <TextInput
        name="contact"
        label={t('organization.contact')}
        description={t('organization.contact_hint')}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={contact}
        onChange={(event) => {
          setContact(event.currentTarget.value)
          if (act.isError) act.reset()
        }}
        error={field ? problemText(toProblem(act.error), format) : undefined}
        required
      />
      <Radio.Group
        label={t('organization.contact_language')}
        value={locale}
        onChange={(value) => setLocale(value as Locale)}
      >
        <Stack gap="sm" mt="xs">
          {locales.map((tag) => (
            <Radio key={tag} value={tag} label={localeNames[tag]} lang={tag} />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox
        checked={administer}
        onChange={(event) => setAdminister(event.currentTarget.checked)}
        label={t('organization.administer')}
        description={t('organization.administer_hint')}
      />
    </Screen>
  )
}
