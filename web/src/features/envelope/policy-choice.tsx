import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { policiesQuery } from '@/api/policies'
import { currentLocale } from '@/i18n/i18n'
import { PolicyAbout, PolicyFacts } from '@/ui/policy-facts'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './review.module.css'

interface PolicyChoiceProps {
  value: string
  onChange: (name: string) => void
}

/** Which signing policy holds for the envelope, and what it asks of each recipient. */
export function PolicyChoice({ value, onChange }: PolicyChoiceProps) {
  const { t } = useTranslation('common')
  const { data, error } = useQuery(policiesQuery)
  const locale = currentLocale()
  const policies = data?.items ?? []
  const chosen = policies.find(({ name }) => name === value)
  return (
    <>
      <NativeSelect
        label={t('policy.label')}
        description={t('policy.hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={
          policies.length > 0
            ? policies.map(({ name, title, available }) => ({
                value: name,
                label: title[locale],
                disabled: !available,
              }))
            : [value]
        }
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
