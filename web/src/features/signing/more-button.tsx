import { Button, type ButtonProps } from '@mantine/core'
import { IconDotsVertical } from '@tabler/icons-react'
import type { ButtonHTMLAttributes, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './step-bar.module.css'

interface MoreButtonProps extends ButtonProps, Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ButtonProps> {
  ref?: Ref<HTMLButtonElement>
}

export function MoreButton(props: MoreButtonProps) {
  const { t } = useTranslation('signing')
  return (
    <Button
      variant="default"
      {...props}
      className={classes.more}
      leftSection={<IconDotsVertical size={18} aria-hidden />}
    >
      {t('header.more')}
    </Button>
  )
}
