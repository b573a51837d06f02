/** relayscope/harness: the lab. What a test or a program loads to run, break and study relays. */
export {
  encodeAbort,
  encodeData,
  encodeEnd,
  decodeMessage,
  MessageKind,
  type TunnelMessage,
} from './tunnel/message.ts';
export { fromTunnelSocket, type TunnelAdapter, type TunnelSocketOptions } from './tunnel/from-tunnel-socket.ts';
export { offByOneAdapter } from './tunnel/off-by-one-adapter.ts';
export { twoPumps, type TwoPumps } from './tunnel/two-pumps.ts';
export type { TunnelHandle } from './tunnel/listen.ts';
export type { CopyFunction, Relay, RelayOptions } from './tunnel/relay.ts';
export { Socks5Parser, type SocksCredentials, type SocksStep } from './tunnel/socks5-parser.ts';
export { SocksError, type SocksErrorCode } from './tunnel/socks5-error.ts';
export { generateToken } from './tunnel/token.ts';
export { startTunnelClient, type TunnelClientOptions } from './tunnel/tunnel-client.ts';
export { TunnelError, type TunnelErrorCode } from './tunnel/tunnel-error.ts';
export type { OnTunnelEvent, TunnelEvent } from './tunnel/tunnel-event.ts';
export { startTunnelServer, type TunnelServerOptions } from './tunnel/tunnel-server.ts';
export { runCopy, type CopyRun, type RunCopyOptions, type RunOutcome } from './sim/run-copy.ts';
export { parseScript, type Script, type ScriptEntry } from './sim/script.ts';
export { ScriptedStream, type Call } from './sim/scripted-stream.ts';
export { ActiveFault, type FaultContext, type FaultPlace } from './faults/active-fault.ts';
export { faultyWebSocket, type FaultyWebSocketOptions } from './faults/faulty-web-socket.ts';
export { webSocketFault, type WebSocketFault } from './faults/websocket/web-socket-fault.ts';
export { Frame, Opcode, type FrameParts } from './faults/websocket/wire/frame.ts';
export type { FrameFault, FrameOutlet } from './faults/websocket/wire/frame-fault.ts';
export { FrameParser } from './faults/websocket/wire/frame-parser.ts';
export { WebSocketLink, type LinkFaults } from './faults/websocket/wire/web-socket-link.ts';
export { activeFaults, applyFaults } from './faults/apply-faults.ts';
export { pollFault, type FaultDefinition, type FaultLevel, type PollFault } from './faults/fault-definition.ts';
export { FaultPlanError, type FaultPlanIssue } from './faults/fault-plan-error.ts';
export { failuresOf, type RunFailure as ScenarioFailure } from './explore/run-failure.ts';
export { pinGenerators, type FaultEntry, type FaultPlan, type FaultTrigger, type Side } from './faults/fault-plan.ts';
export { FAULTS, findFault } from './faults/fault-registry.ts';
export { checkFaultPlan, parseFaultPlan } from './faults/parse-fault-plan.ts';
export {
  LAWS,
  RUN_OUTCOMES,
  type Expectation,
  type Law,
  type RunOutcomeName,
  type Scenario,
  type ScenarioOptions,
  type SideEntry,
  type SideScript,
} from './scenario/scenario.ts';
export type { BrokenLaw, RunResult, WaitingHalf } from './sim/run-result.ts';
export { runScenario } from './sim/run-scenario.ts';
export { runSelfChecked } from './sim/run-self-checked.ts';
export type { FaultLayers, RunOptions } from './sim/run-options.ts';
export type { Schedule } from './sim/scheduler.ts';
export { World } from './sim/world.ts';
export { compareRun, type Mismatch } from './scenario/compare-run.ts';
export { failureReport } from './scenario/failure-report.ts';
export { findDocuments, readDocument } from './scenario/find-documents.ts';
export { parseScenario, parseScenarioObject, type ScenarioDocument } from './scenario/parse-scenario.ts';
export { runDocument, type DocumentResult, type RunFailure } from './scenario/run-document.ts';
export { ScenarioError } from './scenario/scenario-error.ts';
export { captureBytes } from './capture/read/capture-bytes.ts';
export { readCapture } from './capture/read/read-capture.ts';
export { recordedConnection, type RecordedConnection } from './replay/recorded-connection.ts';
export type { DialectReplay } from './replay/replay-in-dialect.ts';
export { replayTrace, type TraceReplay } from './replay/replay-trace.ts';
export { traceToScenario, type TraceScenario } from './replay/trace-to-scenario.ts';
export type { Breach, StreamCall } from './check/breach.ts';
export { CheckError, type CheckErrorCode } from './check/check-error.ts';
export type { CheckedStream, CheckOptions, InnerKind, InnerSides, StreamFactory } from './check/check-options.ts';
export type { BrokenStreamLaw, CheckReport } from './check/check-report.ts';
export type { CaseStep, InnerBehaviour, StreamCase } from './check/stream-case.ts';
export { STREAM_LAWS, type StreamLaw } from './check/stream-law.ts';
export type { OpenSubject, Subject } from './check/subject.ts';
export { checkStream } from './check/check-stream.ts';
