"""Calls a space from a program that is traced itself, and prints the id of its trace."""

import sys

import httpx
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

collector, url, text = sys.argv[1:]
provider = TracerProvider(resource=Resource.create({"service.name": "caller"}))
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{collector}/v1/traces")))
trace.set_tracer_provider(provider)
HTTPXClientInstrumentor().instrument()
with trace.get_tracer("caller").start_as_current_span("work") as span:
    answer = httpx.post(url, json={"text": text}, headers={"accept": "application/json"})
    print(format(span.get_span_context().trace_id, "032x"), answer.status_code)
provider.shutdown()
