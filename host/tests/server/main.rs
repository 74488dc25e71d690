//! The whole server, over HTTP and from its command line: real processes, real models, a folder of their own.

mod call;
mod crash;
mod golden;
mod harness;
mod operations;
mod publish;
mod stream;
