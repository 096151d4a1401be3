//! Mail, against a mail server that keeps what it is handed.

use testkit::MailServer;
use vermilion_online::{Mail, MailError, Mailer};

fn mail(to: &str) -> Mail<'_> {
    Mail {
        to,
        subject: "请您签署《购销合同》",
        text: "您好：\n\nhttps://sign.example/sign/rcp_1#a-secret-of-forty-three-characters-and-more-of-them-here\n\n.\n",
        id: "job_1",
        at: "2026-11-23T04:00:00Z".parse().expect("a time"),
    }
}

fn mailer(server: &MailServer) -> Mailer {
    let address = format!("smtp://{}", server.address());
    Mailer::new(&address, "Vermilion 朱砂 <sign@sender.example>").expect("a relay on this machine")
}

#[test]
fn a_mail_arrives_as_it_was_written() {
    let server = MailServer::start();
    mailer(&server).send(&mail("wang@example.com")).expect("the server takes it");
    let mails = server.mails();
    let [posted] = mails.as_slice() else { panic!("one mail: {mails:?}") };
    assert_eq!(
        (posted.from.as_str(), &posted.to[..]),
        ("sign@sender.example", &["wang@example.com".to_owned()][..])
    );
    for line in
        ["To: wang@example.com", "Date: Mon, 23 Nov 2026 04:00:00", "Message-ID: <job_1@sender.example>"]
    {
        assert!(posted.text.contains(line), "{line}: {}", posted.text);
    }
    assert!(posted.text.is_ascii(), "whatever way it goes: {}", posted.text);
    // Another's parser reads what we wrote.
    let Some(python) = testkit::tool("python3") else { return };
    let program = "import sys, email, email.policy\n\
        m = email.message_from_bytes(sys.argv[1].encode(), policy=email.policy.default)\n\
        print(m['subject']); print(m['from'].addresses[0].display_name); print(m.get_content())";
    let (ran, said) = python.run(["-X", "utf8", "-c", program, &posted.text]);
    assert!(ran, "{said}");
    for part in [mail("").subject, "Vermilion 朱砂", mail("").text.trim_end()] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_refused_receiver_stays_refused_and_anything_else_may_come_later() {
    let server = MailServer::start();
    let mailer = mailer(&server);
    server.refuse("550 5.1.1 wang@example.com is unknown here");
    assert_eq!(mailer.send(&mail("wang@example.com")), Err(MailError::Refused("550".to_owned())));
    for later in ["450 4.2.0 greylisted", "552 5.2.2 mailbox full", "530 5.7.0 log in first"] {
        server.refuse(later);
        let code = later.split(' ').next().expect("a code").to_owned();
        assert_eq!(mailer.send(&mail("wang@example.com")), Err(MailError::NotNow(code)));
    }
    assert_eq!(mailer.send(&mail("no address")), Err(MailError::Address));
    assert!(server.mails().is_empty());
    mailer.send(&mail("wang@example.com")).expect("now it does");
}

#[test]
fn where_encryption_is_required_nothing_is_said_without_it() {
    let server = MailServer::start();
    let address = format!("smtp://user:secret@{}?tls=required", server.address());
    let mailer = Mailer::new(&address, "sign@sender.example").expect("settings that ask for STARTTLS");
    assert!(matches!(mailer.send(&mail("wang@example.com")), Err(MailError::NotNow(_))));
    assert!(
        server.commands().iter().all(|it| it.starts_with("EHLO") || it.starts_with("QUIT")),
        "{:?}",
        server.commands()
    );
    let gone = Mailer::new("smtp://127.0.0.1:1", "sign@sender.example").expect("an address");
    assert_eq!(gone.send(&mail("wang@example.com")), Err(MailError::NotNow("no connection".to_owned())));
}
