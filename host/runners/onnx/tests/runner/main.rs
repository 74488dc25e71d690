//! Models of `make_models.py` against the outputs that ONNX Runtime gave for them.

mod hostile;
mod interface;
mod pictures;
mod sklearn;
mod support;
mod texts;
