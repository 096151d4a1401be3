import type { TFunction } from 'i18next'
import type { OwnField } from '@/features/signing/ceremony-types'

/** A field by the sender's label, or by its type where it has none. */
export function fieldLabel(field: Pick<OwnField, 'label' | 'type'>, t: TFunction<'signing'>): string {
  return field.label || t(`document.field_${field.type}`)
}
