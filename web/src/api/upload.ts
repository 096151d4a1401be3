import { ApiProblem, problemFrom } from './problem'

export interface UploadOptions {
  method?: 'POST' | 'PUT'
  type?: string
  onProgress?: (share: number) => void
  signal?: AbortSignal
}

/** Sends a file as the raw body. `fetch` cannot report upload progress, so this is XMLHttpRequest. */
export function upload<T>(url: string, file: Blob, options: UploadOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(options.method ?? 'POST', url)
    request.responseType = 'text'
    request.setRequestHeader('Content-Type', options.type ?? 'application/pdf')
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total)
    }
    request.onload = () => {
      const body = parse(request.responseText)
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(new ApiProblem(problemFrom(request.status, body)))
    }
    request.onerror = () => reject(new ApiProblem({ code: 'network', status: 0 }))
    request.onabort = () => reject(new DOMException('upload stopped', 'AbortError'))
    options.signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
