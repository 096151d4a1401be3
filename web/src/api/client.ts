import createClient from 'openapi-fetch'
import { ApiProblem, problemFrom, toProblem } from './problem'
import type { paths } from './schema'

/** Same origin, cookies as they are: no token ever passes through the script. */
export const api = createClient<paths>({ baseUrl: '/' })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer, or an `ApiProblem`. `const { account } = await data(api.GET('/api/v1/session'))` */
export async function data<T>(pending: Promise<Answer<T>>): Promise<T> {
  const answer = await pending.catch((error: unknown) => {
    throw new ApiProblem(toProblem(error))
  })
  if (!answer.response.ok) throw new ApiProblem(problemFrom(answer.response.status, answer.error))
  return answer.data as T
}
