//! Keys and what holds them: sizes, key files without a password, modules that do not start.

use std::process::Command;

use testkit::{Tool, tool};

use crate::support::Desk;

/// Has OpenSSL make something in the desk's folder.
fn openssl(openssl: &Tool, desk: &Desk, arguments: &str) {
    let mut command = openssl.command();
    let (made, said) = testkit::run(command.current_dir(desk.path("")).args(arguments.split(' ')));
    assert!(made, "{said}");
}

#[test]
fn an_rsa_key_of_any_size_between_signs() {
    let Some(tool) = tool("openssl") else { return };
    let desk = Desk::new();
    for bits in ["2560", "2049"] {
        openssl(&tool, &desk, &format!("genrsa -out rsa.key {bits}"));
        openssl(
            &tool,
            &desk,
            "req -x509 -key rsa.key -subj /CN=Rosa -days 10 -addext basicConstraints=critical,CA:FALSE -out rsa.pem",
        );
        for (more, algorithm) in [(&[][..], "RSA"), (&["--pss", "--digest", "sha384"], "MGF1")] {
            let sign =
                ["sign", "contract.pdf", "-o", "rsa.pdf", "--force", "--key", "rsa.key", "--cert", "rsa.pem"];
            let (code, _, said) = desk.run(&[&sign[..], more].concat());
            assert_eq!(code, 0, "{bits}: {said}");
            let (code, verdict) = desk.verdict("rsa.pdf", &["--trust", "rsa.pem"]);
            assert_eq!(code, 0, "{verdict}");
            let used = verdict["signatures"][0]["signature_algorithm"].as_str().expect("an algorithm");
            assert!(used.contains(algorithm), "{used}");
        }
        let prepare = "sign prepare contract.pdf --cert rsa.pem --state state --tbs tbs";
        let (code, _, said) = desk.run(&prepare.split(' ').collect::<Vec<_>>());
        assert_eq!(code, 0, "{said}");
        openssl(&tool, &desk, "dgst -sha256 -sign rsa.key -out value tbs");
        let finish = "sign finish --state state --signature value -o elsewhere.pdf --force";
        let (code, _, said) = desk.run(&finish.split(' ').collect::<Vec<_>>());
        assert_eq!(code, 0, "{said}");
        for file in ["state", "tbs"] {
            std::fs::remove_file(desk.path(file)).expect("it is there");
        }
    }
}

#[test]
fn a_pkcs12_file_without_a_password_asks_for_none() {
    let Some(tool) = tool("openssl") else { return };
    let desk = Desk::new();
    let bare = "pkcs12 -export -inkey key.pem -in cert.pem -passout pass: -out";
    openssl(&tool, &desk, &format!("{bare} open.p12 -nomac -keypbe NONE -certpbe NONE"));
    openssl(&tool, &desk, &format!("{bare} empty.p12"));
    for file in ["open.p12", "empty.p12"] {
        let (code, _, said) = desk.run(&["sign", "contract.pdf", "-o", "out.pdf", "--force", "--key", file]);
        assert_eq!(code, 0, "{file}: {said}");
    }
}

#[test]
fn a_module_that_does_not_start_says_where_to_look() {
    let modules = [
        "/usr/lib/softhsm/libsofthsm2.so",
        "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    ];
    let Some(module) = modules.into_iter().find(|path| std::path::Path::new(path).exists()) else { return };
    let desk = Desk::new();
    let output = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .current_dir(desk.path(""))
        .env("SOFTHSM2_CONF", desk.path("missing.conf"))
        .env("VERMILION_PIN", "1234")
        .args(["sign", "contract.pdf", "-o", "no.pdf", "--cert", "cert.pem", "--pkcs11", module])
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(said.contains("does not start") && said.contains("its own settings"), "{said}");
    assert!(!said.contains("PKCS11 error"), "{said}");
}
