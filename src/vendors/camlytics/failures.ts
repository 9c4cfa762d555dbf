/** What goes wrong when Camlytics is asked. Nobody posts there, so no listener counts these among what it refused. */
import { TransportError, WireError } from '../../errors';

/** No answer, or none that is one of its REST API. Trying again may help. */
export class AskError extends TransportError {}

/** An answer, or a part of one, that is not in the form of the REST API. */
export class AnswerError extends WireError {}
