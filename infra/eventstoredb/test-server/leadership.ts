import { Metadata, type sendUnaryData, type ServerUnaryCall, status } from '@grpc/grpc-js'
import gossip from '@eventstore/db-client/generated/gossip_pb.js'
import type shared from '@eventstore/db-client/generated/shared_pb.js'
import { uuidOf } from './wire.ts'

/** The nodes of a cluster by their ports on 127.0.0.1, and which of them leads. */
export type Cluster = { readonly ports: readonly number[]; leader: number }

type Call = { readonly metadata: Metadata; emit(event: 'error', error: object): boolean }

/** What a node knows of its cluster. */
export type Leadership = {
  /** Whether a call is this node's to answer; one that is for the leader has been sent there. */
  admits(call: Call): boolean
  /** Gossip/Read. */
  read(call: ServerUnaryCall<shared.Empty, gossip.ClusterInfo>, answer: sendUnaryData<gossip.ClusterInfo>): void
}

const follower = 6
const leader = 8

const memberOf = (port: number, isLeader: boolean): gossip.MemberInfo => {
  const end = new gossip.EndPoint()
  end.setAddress('127.0.0.1')
  end.setPort(port)
  const member = new gossip.MemberInfo()
  member.setInstanceId(uuidOf(`00000000-0000-4000-8000-${String(port).padStart(12, '0')}`))
  member.setTimeStamp('0')
  member.setState((isLeader ? leader : follower) as never)
  member.setIsAlive(true)
  member.setHttpEndPoint(end)
  return member
}

/** A node alone leads, and gossips of nobody. */
export const leadershipOf = (port: () => number, cluster?: Cluster): Leadership => ({
  admits: (call) => {
    const isForLeader = call.metadata.get('requires-leader')[0] === 'true'
    if (cluster === undefined || cluster.leader === port() || !isForLeader) return true
    const metadata = new Metadata()
    metadata.set('exception', 'not-leader')
    metadata.set('leader-endpoint-host', '127.0.0.1')
    metadata.set('leader-endpoint-port', String(cluster.leader))
    call.emit('error', { code: status.NOT_FOUND, details: 'Leader info available', metadata })
    return false
  },
  read: (_, answer) => {
    const info = new gossip.ClusterInfo()
    info.setMembersList((cluster?.ports ?? []).map((each) => memberOf(each, each === cluster?.leader)))
    answer(null, info)
  },
})
