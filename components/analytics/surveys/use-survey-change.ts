'use client'

import { useChange } from '@/components/ui/use-change'
import { listSurveys } from '@/lib/analytics/surveys/contract'

/** A change of surveys, which their list shows. */
export const useSurveyChange = <Input>(
  change: (input: Input) => Promise<unknown>,
  said: (input: Input) => string,
  options?: { onSuccess?: () => void; onError?: (error: Error) => void },
) => useChange<Input>([listSurveys], change, said, options)
