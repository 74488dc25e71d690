//! The split of a built-in runner into code and memory image.

use host_runtime::Artefact;
use host_runtime::publish::{self, Source};
use tempfile::TempDir;

use crate::guest::Guest;
use crate::harness::{Server, job};

#[test]
fn a_split_runner_serves_from_the_memory_that_init_left() {
    // Writes beyond the first page, which only exists after `init` has grown the memory.
    let runner = Guest {
        extra: r#"(data (i32.const 5000) "\05")"#,
        init: "(drop (memory.grow (i32.const 3)))
               (i32.store (i32.const 200000) (i32.mul (i32.load8_u (i32.const 5000)) (i32.const 100)))",
        call: "(i32.store (i32.const 200000) (i32.add (i32.load (i32.const 200000)) (i32.const 1)))
               (local.set $answer (f64.convert_i32_s (i32.load (i32.const 200000))))",
        ..Guest::default()
    }
    .component();
    let folder = TempDir::new().unwrap();
    let code_file = folder.path().join("code.cwasm");
    let digest = publish::compile_runner(&runner, &code_file).unwrap();
    let code = Artefact { path: code_file, digest, needs_runner: false };
    let space_file = folder.path().join("space.cwasm");
    let source = Source::Runner { component: &runner, code: &code };
    let candidate = publish::publish(job(source, &space_file), &|_| {}).unwrap();
    assert!(candidate.artefact.needs_runner);

    let server = Server::new(2, 2);
    let loaded = server.sandbox.load_runner(&code).unwrap();
    let app = server.sandbox.load(&candidate.artefact, Some(&loaded)).unwrap();
    assert_eq!(server.number(&app), 501.0);
    assert_eq!(server.number(&app), 501.0, "each request starts from the image");
}

#[test]
fn a_runner_of_another_shape_is_refused() {
    let runner = Guest { extra: "(global $other (mut i32) (i32.const 0))", ..Guest::default() }.component();
    let folder = TempDir::new().unwrap();
    let error = publish::compile_runner(&runner, &folder.path().join("code.cwasm")).unwrap_err();
    assert!(matches!(error, publish::PublishError::Runner(_)), "{error:?}");
}
