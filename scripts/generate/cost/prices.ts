/** Dollars, as of the date and sources that `docs/cost.md` names. */
export interface Prices {
  readonly gbSecond: number;
  readonly invocation: number;
  readonly put: number;
  readonly get: number;
  readonly sqs: number;
  readonly kms: number;
  readonly key: number;
  readonly alarm: number;
  readonly metric: number;
  readonly logGb: number;
  readonly storedGb: number;
  readonly secret: number;
  readonly secretCall: number;
  readonly event: number;
  readonly tick: number;
  readonly dashboard: number;
  readonly endpointHour: number;
}

const everywhere = {
  ...{ gbSecond: 0.0000133334, invocation: 0.2e-6, sqs: 0.4e-6, kms: 0.03e-4, key: 1 },
  ...{ alarm: 0.1, metric: 0.3, dashboard: 3, secret: 0.4, secretCall: 0.05e-4 },
  ...{ event: 1e-6, tick: 1e-6 },
};

export const prices: Readonly<Record<"eu-central-1" | "us-east-1", Prices>> = {
  "eu-central-1": {
    ...everywhere,
    ...{ put: 5.4e-6, get: 0.43e-6, storedGb: 0.0245, logGb: 0.63, endpointHour: 0.012 },
  },
  "us-east-1": {
    ...everywhere,
    ...{ put: 5e-6, get: 0.4e-6, storedGb: 0.023, logGb: 0.5, endpointHour: 0.01 },
  },
};
