"""An EST server (RFC 7030) for tests. OpenSSL does all that has a wire format: it checks requests, signs certificates,
writes PKCS #7, and speaks TLS. usage: server.py FOLDER

FOLDER gets tls-root.pem (whom to trust), client.pem and client.key (who may ask), ca.pem and root.pem, and `asked`, a line
for each request. The files pending, later, much-later, slow, refused, wrong-key, other-passkey, no-passkey, same-serial, error,
garbage and html there make the next enrollment go so; `undecided` makes all of them wait while it is there. What index.txt calls revoked stands on the list.
Accepted are a client certificate of its own client root, or the name `vermilion` with the password `enroll me`."""
import base64
import http.server
import os
import ssl
import subprocess
import sys
import threading
import time

folder = sys.argv[1]
os.chdir(folder)


def openssl(*arguments, data=None):
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True)
    if done.returncode != 0:
        raise ValueError(done.stderr.decode())
    return done.stdout


def write(name, text):
    with open(name, "w") as file:
        file.write(text)


def certify(name, subject, issuer, extensions):
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name + ".key")
    openssl("req", "-new", "-key", name + ".key", "-subj", subject, "-out", name + ".csr", "-config", "empty.cnf")
    write(name + ".ext", extensions)
    sign = ["-CA", issuer + ".pem", "-CAkey", issuer + ".key"] if issuer else ["-signkey", name + ".key"]
    openssl("x509", "-req", "-in", name + ".csr", *sign, "-set_serial", "0x" + os.urandom(15).hex(), "-days", "3650",
            "-extfile", name + ".ext", "-out", name + ".pem")


write("empty.cnf", "[req]\ndistinguished_name=dn\n[dn]\n")
KEYS = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n" + KEYS


class Lists(http.server.BaseHTTPRequestHandler):
    """Revocation lists over plain http, as certificates name them."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        name = self.path.strip("/")
        if name not in ("root.crl", "ca.crl"):
            return self.send_error(404)
        list_of = name.removesuffix(".crl")
        pem = openssl("ca", "-gencrl", "-keyfile", list_of + ".key", "-cert", list_of + ".pem", "-config", "ca.cnf")
        der = openssl("crl", "-outform", "DER", data=pem)
        self.send_response(200)
        self.send_header("Content-Type", "application/pkix-crl")
        self.send_header("Content-Length", str(len(der)))
        self.end_headers()
        self.wfile.write(der)


lists = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lists)
threading.Thread(target=lists.serve_forever, daemon=True).start()
POINT = f"crlDistributionPoints=URI:http://127.0.0.1:{lists.server_address[1]}/"
write("index.txt", "")
write("crlnumber", "01\n")
write("ca.cnf", "[ca]\ndefault_ca=this\n[this]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n"
      "default_crl_days=7\ncrl_extensions=list\n[list]\nauthorityKeyIdentifier=keyid:always\n")
certify("root", "/CN=External Root/O=Another Authority", None, CA)
certify("ca", "/CN=External Issuing CA/O=Another Authority", "root",
        CA.replace("CA:TRUE", "CA:TRUE,pathlen:0") + "certificatePolicies=2.5.29.32.0\n" + POINT + "root.crl\n")
certify("tls-root", "/CN=EST TLS Root", None, CA)
certify("tls", "/CN=EST server", "tls-root",
        "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1\n" + KEYS)
certify("client", "/CN=A registration authority", "tls-root",
        "basicConstraints=CA:FALSE\nextendedKeyUsage=clientAuth\nsubjectAltName=DNS:registration.example\n" + KEYS)
openssl("pkcs8", "-topk8", "-nocrypt", "-in", "client.key", "-out", "client.p8")
write("leaf.ext", "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n"
      "extendedKeyUsage=1.3.6.1.5.5.7.3.36\ncertificatePolicies=1.2.3.4.5\n" + POINT + "ca.crl\n" + KEYS)


def lines(der):
    return base64.encodebytes(der)


# 1.3.6.1.4.1.99999.4.1, as it stands in a request before the OCTET STRING around its value.
PASSKEY = bytes.fromhex("060a2b0601040186 8d1f0401".replace(" ", ""))


def passkey(request):
    """The extension that names a passkey, as the request asks for it, for OpenSSL to write."""
    at = request.find(PASSKEY)
    if at < 0 or next_is("no-passkey"):
        return ""
    rest = request[at + len(PASSKEY):]
    value = rest[2:2 + rest[1]]
    if next_is("other-passkey"):
        value = value[:2] + bytes(len(value) - 2)
    return "1.3.6.1.4.1.99999.4.1=DER:" + value.hex(":") + "\n"


def next_is(name):
    if os.path.exists(name):
        os.remove(name)
        return True
    return False


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, kind=None, body=b"", **headers):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Transfer-Encoding", "base64")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def operation(self):
        base = "/.well-known/est/"
        return self.path[len(base):].removeprefix("second/") if self.path.startswith(base) else None

    def note(self):
        certificate = self.connection.getpeercert() if hasattr(self.connection, "getpeercert") else None
        self.by = "certificate" if certificate else "password" if "Authorization" in self.headers else "nobody"
        with open("asked", "a") as file:
            file.write(f"{self.path} {self.by}\n")

    def do_GET(self):
        self.note()
        match self.operation():
            case "cacerts":
                certificates = openssl("crl2pkcs7", "-nocrl", "-certfile", "ca.pem", "-certfile", "root.pem",
                                       "-outform", "DER")
                self.answer(200, "application/pkcs7-mime", lines(certificates))
            case "csrattrs":
                # SEQUENCE { id-ecPublicKey { P-256 }, ecdsa-with-SHA256 }
                attributes = bytes.fromhex("3021301506072a8648ce3d0201310a06082a8648ce3d03010706082a8648ce3d040302")
                self.answer(200, "application/csrattrs", lines(attributes))
            case _:
                self.answer(404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.note()
        operation = self.operation()
        if operation not in ("simpleenroll", "simplereenroll"):
            return self.answer(404)
        expected = "Basic " + base64.b64encode(b"vermilion:enroll me").decode()
        if self.by != "certificate" and self.headers.get("Authorization") != expected:
            return self.answer(401, WWW_Authenticate='Basic realm="est"')
        if operation == "simplereenroll" and self.by != "certificate":
            return self.answer(403)
        if self.headers.get("Content-Type") != "application/pkcs10":
            return self.answer(415)
        if next_is("pending"):
            return self.answer(202, Retry_After="1")
        if os.path.exists("undecided") or next_is("later"):
            return self.answer(202, Retry_After="3600")
        if next_is("much-later"):
            return self.answer(202, Retry_After="172800")
        if next_is("slow"):
            time.sleep(3)
        if next_is("refused"):
            return self.answer(400, "text/plain", b"not this one")
        if next_is("error"):
            return self.answer(500)
        if next_is("html"):
            return self.answer(200, "text/html", b"<p>hello")
        if next_is("garbage"):
            return self.answer(200, "application/pkcs7-mime", b"!!!")
        try:
            der = base64.b64decode(body, validate=False)
            write("request.pem", openssl("req", "-inform", "DER", data=der).decode())
            openssl("req", "-in", "request.pem", "-verify", "-noout")
            # Who renews asks for the same names (RFC 7030, 4.2.2).
            if operation == "simplereenroll":
                names = [openssl(*what, "-noout", "-subject") for what in (("req", "-in", "request.pem"),
                                                                           ("x509", "-in", "client.pem"))]
                asked = openssl("req", "-in", "request.pem", "-noout", "-text")
                if names[0] != names[1] or b"DNS:registration.example" not in asked:
                    raise ValueError("the request is for another name")
            with open("leaf.ext") as leaf:
                write("issue.ext", leaf.read() + passkey(der))
            serial = "0102030405060708" if next_is("same-serial") else os.urandom(15).hex()
            issued = openssl("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial",
                             "0x" + serial, "-days", "365", "-extfile", "issue.ext")
        except ValueError as error:
            return self.answer(400, "text/plain", str(error).encode())
        write("issued.pem", issued.decode())
        given = "client.pem" if next_is("wrong-key") else "issued.pem"
        self.answer(200, "application/pkcs7-mime; smime-type=certs-only",
                    lines(openssl("crl2pkcs7", "-nocrl", "-certfile", given, "-outform", "DER")))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("tls.pem", "tls.key")
context.load_verify_locations("tls-root.pem")
context.verify_mode = ssl.CERT_OPTIONAL
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_address[1], flush=True)
server.serve_forever()
