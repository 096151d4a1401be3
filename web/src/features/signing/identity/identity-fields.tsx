import { NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIdentityHost } from './identity-host'
import { asksPhone, type DocumentKind, documentKinds, type MethodName } from './identity-methods'
import { residentIdFault } from './resident-id'

export const identityNames = ['name', 'id_number', 'phone', 'bank_card'] as const
type Name = (typeof identityNames)[number]

interface IdentityFieldsProps {
  values: Record<Name, string> & { document: DocumentKind }
  method: MethodName | null
  onChange: (name: Name | 'document', value: string) => void
  refused: { name: Name; text: string } | null
}

/** What the chosen way asks for; a resident ID number is looked at while it is typed. */
export function IdentityFields({ values, method, onChange, refused }: IdentityFieldsProps) {
  const { t } = useTranslation(['signing', 'problem'])
  const { methods } = useIdentityHost().identity
  const [leftId, setLeftId] = useState(false)
  const form = useRef<HTMLDivElement>(null)
  const refusedName = refused?.name
  const resident = values.document === 'resident_id'
  const kinds = documentKinds(methods)

  useEffect(() => {
    if (refusedName) form.current?.querySelector<HTMLInputElement>(`[name="${refusedName}"]`)?.focus()
  }, [refusedName])

  const fault = resident && leftId && values.id_number !== '' ? residentIdFault(values.id_number) : null
  const errorOf = (name: Name) => {
    if (refused?.name === name) return refused.text
    return name === 'id_number' && fault ? t(`problem:id_number_invalid_${fault}`) : undefined
  }
  const input = (name: Name) => ({
    name,
    value: values[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => onChange(name, event.currentTarget.value),
    error: errorOf(name),
    required: true,
  })

  return (
    <div ref={form} style={{ display: 'contents' }}>
      {kinds.length > 1 ? (
        <NativeSelect
          label={t('identity.document')}
          value={values.document}
          onChange={(event) => onChange('document', event.currentTarget.value)}
          data={kinds.map((kind) => ({ value: kind, label: t(`identity.kind.${kind}`) }))}
        />
      ) : null}
      <TextInput
        {...input('name')}
        label={t('identity.name')}
        description={t(resident ? 'identity.name_hint' : 'identity.name_hint_document')}
        autoComplete="name"
      />
      <TextInput
        {...input('id_number')}
        label={t(resident ? 'identity.id_number' : 'identity.document_number')}
        description={t(`identity.number_hint.${values.document}`)}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        onBlur={() => setLeftId(true)}
      />
      {method === 'four_elements' ? (
        <TextInput
          {...input('bank_card')}
          inputMode="numeric"
          label={t('identity.bank_card')}
          description={t('identity.bank_card_hint')}
          autoComplete="off"
        />
      ) : null}
      {asksPhone(method) ? (
        <TextInput
          {...input('phone')}
          type="tel"
          inputMode="tel"
          label={t('identity.phone')}
          description={t(method === 'four_elements' ? 'identity.phone_hint_bank' : 'identity.phone_hint')}
          autoComplete="tel-national"
        />
      ) : null}
    </div>
  )
}
