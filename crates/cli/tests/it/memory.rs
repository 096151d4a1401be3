//! How much memory the command takes: no more for a long file than for a short one. Linux tells.
#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};
use std::time::Duration;

use testkit::pdf_samples;

use crate::support::Desk;

/// Runs the command in the folder: its exit code, and the most memory that it held, in KiB.
fn peak(desk: &Desk, arguments: &[&str]) -> (Option<i32>, u64) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .current_dir(desk.path(""))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        // What is told never falls; a process that has ended tells nothing any more.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let told = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        most = most.max(told.unwrap_or(0));
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return (status.code(), most);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_hundred_megabytes_take_no_more_memory_than_one() {
    const MIB: u64 = 1024;
    let desk = Desk::new();
    let mut peaks = Vec::new();
    for (name, size) in [("short.pdf", 1), ("long.pdf", 100)] {
        pdf_samples::write_long(&desk.path(name), size << 20).expect("written");
        let out = format!("signed-{name}");
        let sign =
            ["sign", name, "-o", &out, "--key", "key.pem", "--cert", "cert.pem", "--chain", "root.pem"];
        let (code, signed) = peak(&desk, &sign);
        assert_eq!(code, Some(0), "{name}");
        let (code, verified) = peak(&desk, &["verify", &out, "--trust", "root.pem"]);
        // It holds, but for the revocation data that a basic signature does not carry.
        assert_eq!(code, Some(2), "{name}");
        peaks.push((signed, verified));
    }
    println!("peak memory in KiB, signing and verifying: 1 MiB {:?}, 100 MiB {:?}", peaks[0], peaks[1]);
    let (short, long) = (peaks[0], peaks[1]);
    for (short, long) in [(short.0, long.0), (short.1, long.1)] {
        assert!(short > MIB, "nothing was measured");
        // On a loaded machine a short run may end before its peak is looked at: what an idle one takes counts at least.
        let one = short.max(32 * MIB);
        assert!(long < one + 8 * MIB, "{long} KiB for 100 MiB, {short} KiB for one");
    }
}
