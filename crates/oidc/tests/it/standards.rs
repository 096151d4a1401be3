//! Known answers: RFC 7515 appendix A, RFC 8037 appendix A.4.

use vermilion_oidc::{Algorithm, Jwks, Jws, Refused};

const PAYLOAD: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const CLAIMS: &[u8] = b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

const RSA: &str = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;
const RSA_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
const EC_SIGNATURE: &str =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

const OKP: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

fn set(key: &str) -> Jwks {
    Jwks::from_json(format!(r#"{{"keys":[{key}]}}"#).as_bytes()).unwrap()
}

#[test]
fn rfc_7515_a_2_rs256() {
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{PAYLOAD}.{RSA_SIGNATURE}");
    let jws = Jws::parse(&token).unwrap();
    assert_eq!((jws.algorithm(), jws.verify(&set(RSA))), (Algorithm::Rs256, Ok(CLAIMS)));
    assert_eq!(jws.verify(&set(EC)), Err(Refused::KeyUnknown));
}

#[test]
fn rfc_7515_a_3_es256() {
    let token = format!("eyJhbGciOiJFUzI1NiJ9.{PAYLOAD}.{EC_SIGNATURE}");
    let jws = Jws::parse(&token).unwrap();
    assert_eq!((jws.algorithm(), jws.verify(&set(EC))), (Algorithm::Es256, Ok(CLAIMS)));
    let changed = token.replace(".DtEh", ".DtEi");
    assert_eq!(Jws::parse(&changed).unwrap().verify(&set(EC)), Err(Refused::Signature));
}

#[test]
fn rfc_8037_a_4_ed25519() {
    let token = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
        hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let jws = Jws::parse(token).unwrap();
    assert_eq!(jws.verify(&set(OKP)), Ok(&b"Example of Ed25519 signing"[..]));
}

/// A.1 is HS256, A.4 ES512, A.5 has no signature at all: none of them is taken, whatever the keys.
#[test]
fn rfc_7515_a_1_a_4_and_a_5_are_refused() {
    for (header, signature, found) in [
        ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "HS256"),
        ("eyJhbGciOiJFUzUxMiJ9", EC_SIGNATURE, "ES512"),
        ("eyJhbGciOiJub25lIn0", "", "none"),
    ] {
        let token = format!("{header}.{PAYLOAD}.{signature}");
        assert_eq!(Jws::parse(&token).unwrap_err(), Refused::Algorithm { found: found.to_owned() });
    }
}
