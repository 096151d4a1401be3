import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { ProblemAlert } from '@/ui/problem-alert'
import { loadPeople, organizationsKey, peopleKey, removeAdministrator, withdrawStatement } from './api'
import classes from './directory.module.css'

/** Whom the organization lets in: the accounts that administer it, and what its directory said. Both can be taken back. */
export function PeopleCard({ organization }: { organization: string }) {
  const { t } = useTranslation('directory')
  const format = useFormat()
  const client = useQueryClient()
  const people = useQuery({ queryKey: peopleKey(organization), queryFn: () => loadPeople(organization) })
  const done = async () => {
    await client.invalidateQueries({ queryKey: peopleKey(organization) })
    await client.invalidateQueries({ queryKey: organizationsKey })
  }
  const remove = useMutation({
    mutationFn: (account: string) => removeAdministrator(organization, account),
    onSuccess: done,
  })
  const withdraw = useMutation({
    mutationFn: (statement: string) => withdrawStatement(organization, statement),
    onSuccess: done,
  })
  const { administrators = [], statements = [] } = people.data ?? {}
  if (administrators.length === 0 && statements.length === 0) return null
  return (
    <>
      <ProblemAlert error={people.error ?? remove.error ?? withdraw.error} takeFocus />
      {administrators.length > 0 ? (
        <>
          <h3>{t('people.administrators')}</h3>
          <ul className={classes.people}>
            {administrators.map((it) => (
              <li key={it.account}>
                <span>
                  {it.email_masked} {it.is_me ? t('people.me') : null}
                  <span className={classes.hint}> · {t('people.since', { date: format.date(it.since) })}</span>
                </span>
                {it.active ? null : <Chip tone="plain">{t('people.over')}</Chip>}
                <Button
                  variant="default"
                  size="sm"
                  loading={remove.isPending && remove.variables === it.account}
                  onClick={() => remove.mutate(it.account)}
                >
                  {t('people.remove')}
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {statements.length > 0 ? (
        <>
          <h3>{t('people.statements')}</h3>
          <ul className={classes.people}>
            {statements.map((it) => (
              <li key={it.id}>
                <span>
                  {it.email_masked ?? it.directory}
                  <span className={classes.hint}> · {format.zonedDateTime(it.stated_at)}</span>
                </span>
                {it.counts ? (
                  <Button
                    variant="default"
                    size="sm"
                    loading={withdraw.isPending && withdraw.variables === it.id}
                    onClick={() => withdraw.mutate(it.id)}
                  >
                    {t('people.withdraw')}
                  </Button>
                ) : (
                  <Chip tone="plain">{t(it.withdrawn_at ? 'people.withdrawn' : 'people.over')}</Chip>
                )}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  )
}
