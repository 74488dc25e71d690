//! Says hello to every request.

use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{Fields, IncomingRequest, OutgoingBody, OutgoingResponse, ResponseOutparam};

struct Hello;

impl Guest for Hello {
    fn handle(_request: IncomingRequest, answer: ResponseOutparam) {
        let response = OutgoingResponse::new(Fields::new());
        let body = response.body().expect("taken once");
        ResponseOutparam::set(answer, Ok(response));
        let stream = body.write().expect("taken once");
        stream.blocking_write_and_flush(b"hello").expect("the client reads");
        drop(stream);
        OutgoingBody::finish(body, None).expect("the length is not announced");
    }
}

wasip2::http::proxy::export!(Hello);
