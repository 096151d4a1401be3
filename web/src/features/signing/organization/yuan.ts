/** An amount as typed ("0.37", "¥0,37", "０.３７ 元") in fen, or null where it is none. */
export function parseYuan(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[¥元\s]/g, '')
    .replace(',', '.')
    .replace('。', '.')
  const match = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(plain)
  if (!match) return null
  return Number(match[1]) * 100 + Number((match[2] ?? '0').padEnd(2, '0'))
}

export function yuan(fen: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' }).format(
    fen / 100,
  )
}
