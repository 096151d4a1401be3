import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { confirmSession } from '@/api/account'
import { ApiProblem } from '@/api/problem'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'

interface Asked {
  resolve: () => void
  reject: (error: unknown) => void
  problem: unknown
}

/**
 * For what must not be done with a browser that was left open: where the server asks for the password again, so does the
 * page, and then it goes on.
 */
export function useConfirmed(): { confirmed: <T>(act: () => Promise<T>) => Promise<T>; dialog: ReactNode } {
  const [asked, setAsked] = useState<Asked | null>(null)
  const confirmed = async <T,>(act: () => Promise<T>) => {
    try {
      return await act()
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.code !== 'confirmation_missing') throw problem
      await new Promise<void>((resolve, reject) => setAsked({ resolve, reject, problem }))
      return act()
    }
  }
  const close = () => {
    asked?.reject(asked.problem)
    setAsked(null)
  }
  const done = () => {
    asked?.resolve()
    setAsked(null)
  }
  return { confirmed, dialog: asked ? <PasswordDialog close={close} done={done} /> : null }
}

function PasswordDialog({ close, done }: { close: () => void; done: () => void }) {
  const { t } = useTranslation(['account', 'common'])
  const [password, setPassword] = useState('')
  const confirm = useMutation({ mutationFn: () => confirmSession(password), onSuccess: done })
  return (
    <Dialog opened close={close} title={t('confirm.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          confirm.mutate()
        }}
      >
        <p style={{ marginTop: 0 }}>{t('confirm.text')}</p>
        <ProblemAlert error={confirm.error} mb="md" takeFocus />
        <PasswordInput
          label={t('field.password')}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
          data-autofocus
          required
        />
        <DialogActs>
          <Button variant="default" onClick={close}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            {t('confirm.act')}
          </Button>
        </DialogActs>
      </form>
    </Dialog>
  )
}
