import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { policiesQuery } from '@/api/policies'
import type { Recipient } from '@/api/types'
import { currentLocale } from '@/i18n/i18n'
import { PolicyAbout, PolicyFacts } from '@/ui/policy-facts'
import { ProblemAlert } from '@/ui/problem-alert'
import { shownName } from './envelope-problems'
import classes from './review.module.css'

interface PolicyChoiceProps {
  value: string
  onChange: (name: string) => void
}

/** Which signing policy holds for the envelope, and what it asks of each recipient. */
export function PolicyChoice({ value, onChange }: PolicyChoiceProps) {
  const { t } = useTranslation('common')
  const { data, error } = useQuery(policiesQuery)
  const options = usePolicyOptions()
  const chosen = data?.items.find(({ name }) => name === value)
  return (
    <>
      <NativeSelect
        label={t('policy.label')}
        description={t('policy.hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={options.length > 0 ? options : [value]}
        mt="md"
      />
      <ProblemAlert error={error} />
      {chosen ? (
        <div className={classes.policy}>
          <PolicyAbout policy={chosen} />
          <PolicyFacts policy={chosen} />
        </div>
      ) : null}
    </>
  )
}

interface OwnPolicyProps {
  recipient: Recipient
  /** The policy of everybody who has none of their own. */
  common: string
  value: string | null
  onChange: (name: string | null) => void
}

/** Another signing policy for one recipient alone. */
export function OwnPolicy({ recipient, common, value, onChange }: OwnPolicyProps) {
  const { t } = useTranslation('common')
  const options = usePolicyOptions()
  const title = options.find((option) => option.value === common)?.label ?? common
  return (
    <NativeSelect
      size="sm"
      aria-label={t('policy.label_of', { name: shownName(recipient) })}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || null)}
      data={[
        { value: '', label: t('policy.as_all', { title }) },
        ...options
          .filter((option) => option.value !== common)
          .map((option) => ({ ...option, label: t('policy.alone', { title: option.label }) })),
      ]}
      mt={6}
      maw={340}
    />
  )
}

function usePolicyOptions() {
  const { data } = useQuery(policiesQuery)
  const locale = currentLocale()
  return (data?.items ?? []).map(({ name, title, available }) => ({
    value: name,
    label: title[locale],
    disabled: !available,
  }))
}
