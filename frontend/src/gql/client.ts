/**
 * The GraphQL client: one POST a request, typed by the generated documents. It keeps no state and
 * no cache; `fetch` is injected so that it runs under Node as well.
 */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import type { ErrorCode } from './tenant/session.ts';

/** What may go wrong: the table of the server, or no answer at all. */
export type FailureCode = ErrorCode | 'NETWORK';

/** A document with its types, as codegen writes it. */
export interface TypedDocument<Result, Variables> extends DocumentTypeDecoration<Result, Variables> {
  toString(): string;
}

interface FailureDetails {
  retryAfterS?: number | undefined;
  traceId?: string | undefined;
}

/** A request that has no result. `code` is the translation key; `traceId` is for the operator. */
export class GraphqlFailure extends Error {
  readonly code: FailureCode;
  readonly retryAfterS: number | undefined;
  readonly traceId: string | undefined;

  constructor(code: FailureCode, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = 'GraphqlFailure';
    this.code = code;
    this.retryAfterS = details.retryAfterS;
    this.traceId = details.traceId;
  }
}

/** The code of any caught value. */
export function failureCode(error: unknown): FailureCode {
  return error instanceof GraphqlFailure ? error.code : 'INTERNAL';
}

export interface GraphqlClient {
  request<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Result>;
}

interface ClientConfig {
  endpoint: string;
  fetch: typeof fetch;
  /** Read for every request: tenant, surface and language may change. */
  headers: () => Record<string, string>;
  /** Told once a request when the server no longer knows the session. */
  onUnauthenticated?: () => void;
}

/** An error as the server writes it, over HTTP and over a socket. */
export interface WireError {
  message: string;
  extensions?: { code?: ErrorCode; retryAfterS?: number; traceId?: string };
}

/** What an error of the server means here. */
export function wireFailure(error: WireError): GraphqlFailure {
  const { code, retryAfterS, traceId } = error.extensions ?? {};
  return new GraphqlFailure(code ?? 'INTERNAL', error.message, { retryAfterS, traceId });
}

function statusFailure(response: Response): GraphqlFailure {
  const seconds = Number(response.headers.get('retry-after') ?? '') || undefined;
  if (response.status === 429) {
    return new GraphqlFailure('RATE_LIMITED', 'rate limited', { retryAfterS: seconds });
  }
  const code = response.status >= 500 ? 'UNAVAILABLE' : 'BAD_REQUEST';
  return new GraphqlFailure(code, `status ${response.status}`, { retryAfterS: seconds });
}

async function parseBody<Result>(response: Response): Promise<Result> {
  let body: { data?: Result | null; errors?: WireError[] };
  try {
    body = (await response.json()) as typeof body;
  } catch {
    throw statusFailure(response);
  }
  const first = body.errors?.[0];
  if (first) throw wireFailure(first);
  if (!body.data) throw statusFailure(response);
  return body.data;
}

export function createGraphqlClient(config: ClientConfig): GraphqlClient {
  return {
    async request(document, variables, signal) {
      let response: Response;
      try {
        response = await config.fetch(config.endpoint, {
          method: 'POST',
          credentials: 'same-origin',
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json, application/json;q=0.9',
            ...config.headers(),
          },
          body: JSON.stringify({ query: document.toString(), variables }),
          ...(signal ? { signal } : {}),
        });
      } catch (cause) {
        if (signal?.aborted) throw cause;
        throw new GraphqlFailure('NETWORK', 'no answer from the server');
      }
      try {
        return await parseBody(response);
      } catch (error) {
        if (failureCode(error) === 'UNAUTHENTICATED') config.onUnauthenticated?.();
        throw error;
      }
    },
  };
}
