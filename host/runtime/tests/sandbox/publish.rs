//! What is refused at publish, and how it is named.

use host_runtime::publish::{PublishError, Step};
use host_runtime::{Artefact, InvokeError, LoadError};

use crate::guest::Guest;
use crate::harness::{LIMITS, Server, publish};

#[track_caller]
fn refusal(bytes: &[u8]) -> (PublishError, Option<Step>) {
    let (made, steps, _folder) = publish(bytes);
    match made {
        Ok(_) => panic!("it was published"),
        Err(error) => (error, steps.last().copied()),
    }
}

#[test]
fn p1_what_is_no_component_is_told_apart() {
    let check = |bytes: &[u8], expected: &str| {
        let (error, step) = refusal(bytes);
        assert!(matches!(error, PublishError::NotAComponent { .. }), "{error:?}");
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(step, Some(Step::Validate));
    };
    check(b"random bytes", "does not begin as WebAssembly does");
    check(b"\x7fELF\x02\x01\x01", "compiled code");
    check(&wat::parse_str("(module)").unwrap(), "core module");
    check(b"\0asm\x0d\0", "cut off");
}

#[test]
fn p1_a_truncated_component_is_told_so_wherever_it_is_cut() {
    let whole = Guest::default().component();
    // Between two outermost sections nothing shows that more should follow, except that the contract is not there.
    let step = whole.len() / 50;
    for end in (9..whole.len()).step_by(step) {
        let (error, _) = refusal(&whole[..end]);
        assert!(matches!(error.code(), "not_a_component" | "contract_mismatch"), "cut at {end}: {error}");
    }
    let (error, _) = refusal(&whole[..whole.len() / 2]);
    assert!(error.to_string().contains("cut off"), "{error}");
}

#[test]
fn p6_refused_features_are_named() {
    let check = |module: &str, feature: &str| {
        let component = wat::parse_str(format!("(component (core module {module}))")).unwrap();
        let (error, _) = refusal(&component);
        assert!(
            matches!(&error, PublishError::UnsupportedFeature { feature: found } if found.contains(feature)),
            "{error}"
        );
    };
    check("(memory i64 1)", "memory64");
    check("(memory 1 1 shared)", "threads");
    check("(memory 1) (memory 1)", "multiple memories");
    check("(tag)", "exceptions");
}

#[test]
fn p7_imports_that_are_not_offered_are_listed() {
    let component = wat::parse_str(
        r#"(component
            (import "wasi:sockets/network@0.2.0" (instance))
            (import "acme:thing/tool@1.0.0" (instance))
            (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#,
    )
    .unwrap();
    let (error, _) = refusal(&component);
    let PublishError::ForbiddenImports { imports } = &error else { panic!("{error:?}") };
    assert_eq!(imports, &["wasi:sockets/network@0.2.0", "acme:thing/tool@1.0.0"]);
}

#[test]
fn a_component_without_the_contract_is_told_what_is_missing() {
    let (error, _) = refusal(&wat::parse_str("(component)").unwrap());
    assert_eq!(error.code(), "contract_mismatch");
    assert!(error.to_string().contains("`init`, `describe`, `call`"), "{error}");
}

#[test]
fn p8_init_that_spins_traps_or_fails_is_a_clean_error() {
    let (error, step) = refusal(&Guest { init: "(loop (br 0))", ..Guest::default() }.component());
    assert!(
        matches!(&error, PublishError::Guest { export: "init", source: InvokeError::DeadlineExceeded { deadline } } if *deadline == LIMITS.deadline),
        "{error:?}"
    );
    assert_eq!((error.code(), step), ("init_deadline_exceeded", Some(Step::Snapshot)));

    let (error, _) = refusal(&Guest { init: "(unreachable)", ..Guest::default() }.component());
    assert_eq!(error.code(), "init_trapped", "{error:?}");

    let says_no = Guest {
        extra: r#"(data (i32.const 1024) "\01\00\00\00\00\10\00\00\08\00\00\00") (data (i32.const 4096) "no model")"#,
        ..Guest::default()
    };
    let (error, _) = refusal(&says_no.component());
    assert!(matches!(&error, PublishError::InitFailed { message } if message == "no model"), "{error:?}");
}

#[test]
fn m3_tables_that_grow_and_huge_tables_are_refused() {
    let grows = Guest {
        extra: "(table $t 1 funcref)",
        call: "(local.set $answer (f64.convert_i32_s (table.grow $t (ref.null func) (i32.const 90000000))))",
        ..Guest::default()
    };
    let (error, _) = refusal(&grows.component());
    assert!(matches!(&error, PublishError::Snapshot { message } if message.contains("table.grow")), "{error:?}");

    // Each element counts as memory, so this one is over the cap before it is allocated.
    let huge = Guest { extra: "(table 10000000 funcref)", ..Guest::default() };
    let (error, _) = refusal(&huge.component());
    assert!(matches!(&error, PublishError::Guest { source: InvokeError::Instantiate { .. }, .. }), "{error:?}");
}

#[test]
fn p4_an_image_over_the_quota_is_refused_before_it_is_written() {
    // Grows to the cap, then a publish whose quota is smaller.
    let guest = Guest { init: "(drop (memory.grow (i32.const 200)))", ..Guest::default() };
    let component = guest.component();
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("app.cwasm");
    let mut job = crate::harness::job(host_runtime::publish::Source::Component(&component), &file);
    job.max_image_bytes = 1 << 20;
    let Err(error) = host_runtime::publish::publish(job, &|_| {}) else { panic!("it was published") };
    assert!(matches!(error, PublishError::ImageTooLarge { max_bytes, .. } if max_bytes == 1 << 20), "{error:?}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn p13_a_damaged_artefact_is_never_mapped() {
    let server = Server::new(1, 1);
    let (made, _, folder) = publish(&Guest::default().component());
    let artefact = made.unwrap().artefact;
    let mut bytes = std::fs::read(&artefact.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&artefact.path, bytes).unwrap();
    assert!(matches!(server.sandbox.load(&artefact, None), Err(LoadError::Digest { .. })));

    // A file of another engine, with its own right digest.
    let other = folder.path().join("other.cwasm");
    std::fs::write(&other, b"\x7fELF not ours").unwrap();
    let digest = host_runtime::artefact::file_digest(&other).unwrap();
    let foreign = Artefact { path: other, digest, needs_runner: false };
    assert!(matches!(server.sandbox.load(&foreign, None), Err(LoadError::Incompatible { .. })));
}
