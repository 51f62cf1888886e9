import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client'

/** A registry's figures as they travel between processes. */
export type Snapshot = MetricObjectWithValues<MetricValue<string>>[]

/** The exposition text of this process's figures and of those its siblings have sent. */
export const mergedMetrics = async (own: Registry, others: readonly Snapshot[]): Promise<string> =>
  AggregatorRegistry.aggregate([await own.getMetricsAsJSON(), ...others]).metrics()
