//! Signing scans: a later signature may be a picture, where what it covers of a scan is blank paper. Each beside its twin
//! that hides what the scan shows.

use pades::Code;
use pdf::{Dict, Object, Stream, StreamBody, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, signed_once, updated};
use crate::programs::drawn;
use crate::shadows::{OVER_TEXT, assert_permitted};
use crate::support::{Pki, Stamped, request, sent, sign};

/// On the scan: blank paper, and its two lines of type.
const BLANK: [f64; 4] = [300.0, 400.0, 460.0, 448.0];
const TYPE: [f64; 4] = [300.0, 500.0, 460.0, 548.0];
const SHOWN: &str = "q 160 0 0 48 0 0 cm /Im Do Q";
const WHITE: &str = "1 g 0 0 160 48 re f";
const WIDTH: usize = 297;
const HEIGHT: usize = 421;

/// Grainy paper with two lines of type on it.
fn scan() -> Vec<u8> {
    let mut grain = 7_u32;
    let mut pixels = Vec::new();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let is_type = ((150..158).contains(&y) || (164..170).contains(&y))
                && (30..260).contains(&x)
                && (x / 4 + y / 4) % 2 == 1;
            let noise = u8::try_from(grain >> 29).expect("three bits");
            pixels.push(if is_type { 40 + noise } else { 238 + noise });
        }
    }
    pixels
}

fn grey(width: usize, height: usize) -> Dict {
    let side = |side: usize| i64::try_from(side).expect("small");
    Dict::new()
        .with("Subtype", Object::name("Image"))
        .with("Width", side(width))
        .with("Height", side(height))
        .with("BitsPerComponent", 8)
        .with("ColorSpace", Object::name("DeviceGray"))
}

/// A signed document whose first page is this picture.
fn scanned(pki: &Pki, picture: impl Fn(&mut Update) -> (Dict, Vec<u8>)) -> Vec<u8> {
    showing(pki, |update| {
        let (dict, pixels) = picture(update);
        // JPEG is packed already.
        let scan = match dict.contains("Filter") {
            true => update.add(Object::Stream(Stream { dict, body: StreamBody::Owned(pixels.into()) })),
            false => update.add_stream(dict, &pixels),
        };
        (Dict::new().with("Scan", scan), "q 595 0 0 842 0 0 cm /Scan Do Q".to_owned())
    })
}

/// A signed document whose first page shows these pictures besides.
fn showing(pki: &Pki, pictures: impl Fn(&mut Update) -> (Dict, String)) -> Vec<u8> {
    let base = updated(&sent(XrefKind::Table), |document, update| {
        let page = document.page(0).expect("a page");
        let (pictures, content) = pictures(update);
        let resources = page.resources.clone().with("XObject", pictures);
        let more = update.add_stream(Dict::new(), content.as_bytes());
        let mut dict = update.get_dict(page.reference).expect("a page");
        dict.set("Contents", vec![dict.value("Contents").clone(), more.into()]);
        dict.set("Resources", resources);
        update.put(page.reference, dict);
    });
    sign(pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No)
}

fn plain(pki: &Pki) -> Vec<u8> {
    scanned(pki, |_| (grey(WIDTH, HEIGHT), scan()))
}

/// A picture of a signature: a wavy line of this grey, with this opacity beside it.
fn signature(update: &mut Update, ink: u8, ground: Option<u8>) -> Dict {
    let (width, height) = (160_usize, 48_usize);
    let thick = if ink > 128 { 3 } else { 1 };
    let on_line = |x: usize, y: usize| (0..=thick).contains(&y.wrapping_sub(20 + (x % 16).abs_diff(8)));
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let (colours, opacity): (Vec<u8>, Vec<u8>) =
        places.map(|(x, y)| if on_line(x, y) { (ink, 255) } else { (255, ground.unwrap_or(255)) }).unzip();
    let mut dict = grey(width, height);
    if ground.is_some() {
        dict.set("SMask", update.add_stream(grey(width, height), &opacity));
    }
    let picture = update.add_stream(dict, &colours);
    Dict::new().with("XObject", Dict::new().with("Im", picture))
}

#[test]
fn a_picture_may_stand_where_a_scan_is_blank() {
    let pki = Pki::new();
    let jpeg = |_: &mut Update| {
        let dict = grey(WIDTH, HEIGHT).with("Filter", Object::name("DCTDecode"));
        (dict, include_bytes!("../data/scan.jpg").to_vec())
    };
    let stencil = |_: &mut Update| {
        let dict = Dict::new().with("Subtype", Object::name("Image")).with("ImageMask", true);
        let bits = |of: &[u8]| {
            of.iter().zip((0..8).rev()).fold(0, |byte, (pixel, at)| byte | (u8::from(*pixel > 128) << at))
        };
        let rows = scan().chunks(WIDTH).flat_map(|row| row.chunks(8).map(bits)).collect();
        (dict.with("Width", 297).with("Height", 421), rows)
    };
    let coloured = |_: &mut Update| {
        let dict = grey(WIDTH, HEIGHT).with("ColorSpace", Object::name("DeviceRGB"));
        (dict, scan().iter().flat_map(|grey| [*grey, *grey, grey.saturating_sub(20)]).collect())
    };
    for file in [plain(&pki), scanned(&pki, jpeg), scanned(&pki, stencil), scanned(&pki, coloured)] {
        for (content, ground) in [(SHOWN, None), (SHOWN, Some(0)), (WHITE, None)] {
            assert_permitted(&pki, &drawn(&file, BLANK, content, |update| signature(update, 20, ground)));
        }
        for (content, ground) in [(SHOWN, None), (SHOWN, Some(255)), (WHITE, None)] {
            let attack = drawn(&file, TYPE, content, |update| signature(update, 20, ground));
            assert_forbidden(&pki, &attack, Code::ChangeSignatureBlots);
        }
        // What is drawn by hand in a picture may cross type, as lines may; in white it would erase it.
        assert_permitted(&pki, &drawn(&file, TYPE, SHOWN, |update| signature(update, 20, Some(0))));
        let erasing = drawn(&file, TYPE, SHOWN, |update| signature(update, 255, Some(0)));
        assert_forbidden(&pki, &erasing, Code::ChangeSignatureBlots);
    }
}

/// Scanners cut a page into strips; a small picture by itself is content, and not there to be written on.
#[test]
fn a_scan_in_strips_is_a_scan() {
    let pki = Pki::new();
    let striped = |strips: usize| {
        showing(&pki, |update| {
            let rows = HEIGHT.div_ceil(4);
            let pixels = scan();
            let mut pictures = Dict::new();
            let mut content = String::new();
            for (at, strip) in pixels.chunks(rows * WIDTH).enumerate().take(strips) {
                let high = strip.len() / WIDTH;
                let name = format!("Scan{at}");
                let below = HEIGHT - at * rows - high;
                content += &format!("q 595 0 0 {} 0 {} cm /{name} Do Q ", 2 * high, 2 * below);
                pictures.set(name, update.add_stream(grey(WIDTH, high), strip));
            }
            (pictures, content)
        })
    };
    let words = "BT 0 g /F1 12 Tf 4 10 Td (Bob) Tj ET";
    let fonts = |update: &mut Update| {
        signature(update, 20, None).with("Font", Dict::new().with("F1", crate::programs::helvetica()))
    };
    let whole = striped(4);
    assert_permitted(&pki, &drawn(&whole, BLANK, SHOWN, fonts));
    assert_permitted(&pki, &drawn(&whole, BLANK, words, fonts));
    assert_forbidden(&pki, &drawn(&whole, TYPE, SHOWN, fonts), Code::ChangeSignatureBlots);
    // The upper strip alone is a picture on a page.
    let high = [300.0, 760.0, 460.0, 808.0];
    assert_forbidden(&pki, &drawn(&striped(1), high, SHOWN, fonts), Code::ChangeSignatureCovers);
}

#[test]
fn what_is_faint_or_small_on_a_scan_is_not_hidden() {
    let pki = Pki::new();
    let marked = |mark: &dyn Fn(&mut [u8])| {
        scanned(&pki, |_| {
            let mut pixels = scan();
            mark(&mut pixels);
            (grey(WIDTH, HEIGHT), pixels)
        })
    };
    let pale_type = marked(&|pixels| {
        pixels.iter_mut().filter(|pixel| **pixel < 128).for_each(|pixel| *pixel = 214);
    });
    let decimal_point = marked(&|pixels| {
        pixels.fill(240);
        pixels[160 * WIDTH + 190] = 60;
    });
    let dark = marked(&|pixels| pixels.fill(30));
    for file in [pale_type, decimal_point, dark] {
        let attack = drawn(&file, TYPE, SHOWN, |update| signature(update, 20, None));
        assert_forbidden(&pki, &attack, Code::ChangeSignatureBlots);
    }
    let empty = marked(&|pixels| pixels.fill(240));
    assert_permitted(&pki, &drawn(&empty, TYPE, SHOWN, |update| signature(update, 20, None)));
}

/// What programs could show in different ways is not looked into: all of it counts.
#[test]
fn a_scan_that_cannot_be_read_is_not_covered() {
    let pki = Pki::new();
    let empty = vec![250; WIDTH * HEIGHT];
    let indexed = |_: &mut Update| {
        let table = Object::string(b"\xff\xff\xff\0\0\0".to_vec());
        let space = vec![Object::name("Indexed"), Object::name("DeviceRGB"), Object::Integer(1), table];
        (grey(WIDTH, HEIGHT).with("ColorSpace", space), vec![0; WIDTH * HEIGHT])
    };
    let masked = |update: &mut Update| {
        let mask = update.add_stream(grey(WIDTH, HEIGHT), &scan());
        (grey(WIDTH, HEIGHT).with("SMask", mask), empty.clone())
    };
    let alternates = |update: &mut Update| {
        let other = update.add_stream(grey(WIDTH, HEIGHT), &scan());
        let other = Dict::new().with("Image", other).with("DefaultForPrinting", true);
        (grey(WIDTH, HEIGHT).with("Alternates", vec![Object::Dictionary(other)]), empty.clone())
    };
    let stretched =
        |_: &mut Update| (grey(WIDTH, HEIGHT).with("Decode", Object::numbers([-20.0, 21.0])), empty.clone());
    let cut_off = |_: &mut Update| (grey(WIDTH, HEIGHT), vec![250; WIDTH * 300]);
    let smaller = |_: &mut Update| {
        let dict = grey(WIDTH, HEIGHT - 1).with("Filter", Object::name("DCTDecode"));
        (dict, include_bytes!("../data/scan.jpg").to_vec())
    };
    let files = [
        scanned(&pki, indexed),
        scanned(&pki, masked),
        scanned(&pki, alternates),
        scanned(&pki, stretched),
        scanned(&pki, cut_off),
        scanned(&pki, smaller),
    ];
    for file in &files {
        let attack = drawn(file, BLANK, SHOWN, |update| signature(update, 20, None));
        assert_forbidden(&pki, &attack, Code::ChangeSignatureBlots);
        // Thin dark lines may stand anywhere.
        assert_permitted(&pki, &drawn(file, BLANK, SHOWN, |update| signature(update, 20, Some(0))));
    }
    // The colour in force says nothing about a picture; nor does a little white, painted often.
    let file = plain(&pki);
    let black = |update: &mut Update| {
        let state = Dict::new().with("BM", Object::name("Multiply"));
        signature(update, 0, None).with("ExtGState", Dict::new().with("G", state))
    };
    let multiplied = "1 1 0 rg /G gs q 160 0 0 48 0 0 cm /Im Do Q";
    assert_forbidden(&pki, &drawn(&file, TYPE, multiplied, black), Code::ChangeSignatureBlots);
    let often = SHOWN.repeat(100);
    let veil = drawn(&file, TYPE, &often, |update| signature(update, 20, Some(4)));
    assert_forbidden(&pki, &veil, Code::ChangeSignatureBlots);
    let strips: String = (0..12).map(|at| format!("q 160 0 0 2.2 0 {} cm /Im Do Q ", 4 * at)).collect();
    let stripes = drawn(&file, TYPE, &format!("0 g {strips}"), |update| signature(update, 255, None));
    assert_forbidden(&pki, &stripes, Code::ChangeSignatureBlots);
    let text = signed_once(&pki);
    let stripes = drawn(&text, OVER_TEXT, &format!("0 g {strips}"), |update| signature(update, 255, None));
    assert_forbidden(&pki, &stripes, Code::ChangeSignatureCovers);
    // A soft mask that is stretched says nothing about what is covered.
    let loud = |update: &mut Update| {
        let mask = grey(160, 48).with("Decode", Object::numbers([0.0, 40.0]));
        let mask = update.add_stream(mask, &[10; 160 * 48]);
        let picture = update.add_stream(grey(160, 48).with("SMask", mask), &[255; 160 * 48]);
        Dict::new().with("XObject", Dict::new().with("Im", picture))
    };
    assert_forbidden(&pki, &drawn(&plain(&pki), TYPE, SHOWN, loud), Code::ChangeSignatureBlots);
}
