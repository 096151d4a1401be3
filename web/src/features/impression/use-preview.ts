import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ImpressionInput } from '@/api/types'
import { previewImpression } from '@/features/signing/api'

/** The server's drawing of a choice, without keeping it; asked a moment after the last change. */
export function usePreview(rcp: string, input: ImpressionInput | null) {
  const [settled] = useDebouncedValue(input, 250)
  return useQuery({
    queryKey: ['impression-preview', rcp, settled],
    queryFn: () => previewImpression(rcp, settled as ImpressionInput),
    enabled: settled !== null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}
