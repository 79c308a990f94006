/** What is asked over HTTP: what is told of who was refused, how the protocol is kept, and how an answer is come by; over one kit. */
import './denials.part.test.ts';
import './http-audit.part.test.ts';
import './edge/query-plan.part.test.ts';
