//! The round seal of a company.

use serde::{Deserialize, Serialize};

use crate::glyph::Glyph;
use crate::path::{Affine, PASTE, Paint, Segment, Shape, circle, tidy};
use crate::{Artwork, Error, Impression};

/// Border width in mm.
const BORDER: f64 = 1.2;
/// The star's outer radius on a seal of 40 mm, in mm.
const STAR: f64 = 7.0;
const MOST_CHARACTERS: usize = 40;
/// Inner to outer radius of a regular five-pointed star.
const PENTAGRAM: f64 = 0.381_966;
/// Height of the ink of a full-width glyph, and how far it reaches below the baseline, in ems.
const INK_HEIGHT: f64 = 0.92;
const INK_DEPTH: f64 = 0.085;

/// What a seal is for; it stands below the star.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 公章: the company's main seal, with no words below the star.
    Company,
    /// 合同专用章
    Contract,
    /// 财务专用章
    Finance,
    /// 人事专用章
    Personnel,
}

impl Purpose {
    fn words(self) -> &'static str {
        match self {
            Self::Company => "",
            Self::Contract => "合同专用章",
            Self::Finance => "财务专用章",
            Self::Personnel => "人事专用章",
        }
    }
}

/// What a company seal shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompanySeal {
    /// The company's registered name, around the upper arc.
    pub name: String,
    /// The words below the star.
    pub purpose: Purpose,
    /// The seal's registration number (usually 13 digits), on the lower arc.
    pub number: Option<String>,
    /// Outer diameter in mm: 38 to 45.
    pub diameter_mm: f64,
}

pub(crate) fn draw(seal: &CompanySeal) -> Result<Impression, Error> {
    if !(38.0..=45.0).contains(&seal.diameter_mm) {
        return Err(Error::Size { least: 38, most: 45 });
    }
    let name: Vec<char> = seal.name.trim().chars().collect();
    match name.len() {
        0 => return Err(Error::Empty),
        n if n > MOST_CHARACTERS => return Err(Error::TooLong { limit: MOST_CHARACTERS }),
        _ => {}
    }
    let (d, unit) = (seal.diameter_mm, seal.diameter_mm / 40.0);
    let centre = d / 2.0;
    let mut shapes = vec![
        Shape {
            colour: PASTE,
            paint: Paint::Stroke(BORDER),
            path: circle(centre, centre, centre - BORDER / 2.0),
        },
        Shape { colour: PASTE, paint: Paint::Fill, path: star(centre, centre, STAR * unit) },
        arc_of_name(&name, centre, unit)?,
    ];
    if !seal.purpose.words().is_empty() {
        shapes.push(line_of_text(seal.purpose.words(), centre, centre + 12.4 * unit, 3.6 * unit, 0.86)?);
    }
    if let Some(number) = seal.number.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
        shapes.push(arc_of_number(number, centre, unit)?);
    }
    shapes.iter_mut().for_each(|shape| tidy(&mut shape.path));
    Ok(Impression { width_mm: d, height_mm: d, true_size: true, artwork: Artwork::Shapes(shapes) })
}

/// One vertex up.
fn star(cx: f64, cy: f64, r: f64) -> Vec<Segment> {
    let corner = |k: u32| {
        let radius = if k.is_multiple_of(2) { r } else { r * PENTAGRAM };
        let (sin, cos) = (f64::from(k) * 36.0 - 90.0).to_radians().sin_cos();
        (cx + radius * cos, cy + radius * sin)
    };
    let mut path: Vec<Segment> = (0..10).map(corner).map(|(x, y)| Segment::Line(x, y)).collect();
    if let Some(Segment::Line(x, y)) = path.first().copied() {
        path[0] = Segment::Move(x, y);
    }
    path.push(Segment::Close);
    path
}

/// The name, upright and narrow as on cut seals, spread evenly over the upper arc.
fn arc_of_name(name: &[char], centre: f64, unit: f64) -> Result<Shape, Error> {
    let glyphs = name.iter().map(|c| Glyph::serif(*c)).collect::<Result<Vec<_>, _>>()?;
    let height = 4.9 * unit;
    let outer = centre - BORDER - 0.9 * unit; // top of the glyphs
    let middle = outer - height / 2.0;
    let size = height / INK_HEIGHT;
    let advances: f64 = glyphs.iter().map(|g| g.advance).sum();
    // Full-width glyphs step by at most 30°, all together by at most 262°; Latin letters by their own widths.
    let widest = 262f64.to_radians() * middle;
    let step = (30f64.to_radians() * middle).min(widest / advances.max(1.0));
    let narrow = (step * 0.9 / size).min(0.82);
    let mut angle = -(advances * step / middle) / 2.0;
    let mut path = Vec::new();
    for glyph in &glyphs {
        let share = glyph.advance * step / middle;
        let map = Affine::IDENTITY
            .translate(centre, centre)
            .rotate(angle + share / 2.0)
            .translate(0.0, -(outer - height) - INK_DEPTH * size)
            .scale(size * narrow, size)
            .translate(-glyph.advance / 2.0, 0.0);
        path.extend(glyph.placed(map));
        angle += share;
    }
    Ok(Shape { colour: PASTE, paint: Paint::Bold(0.28 * unit), path })
}

/// The registration number along the lower arc, read from left to right with its feet outwards.
fn arc_of_number(number: &str, centre: f64, unit: f64) -> Result<Shape, Error> {
    if number.chars().count() > 20 {
        return Err(Error::TooLong { limit: 20 });
    }
    let glyphs = number.chars().map(Glyph::serif).collect::<Result<Vec<_>, _>>()?;
    let (size, radius) = (1.9 * unit, centre - BORDER - 0.75 * unit);
    let tracking = 0.28;
    let total: f64 = glyphs.iter().map(|g| g.advance + tracking).sum::<f64>() * size / radius;
    let (mut angle, mut path) = (total / 2.0, Vec::new());
    for glyph in &glyphs {
        let share = (glyph.advance + tracking) * size / radius;
        let map = Affine::IDENTITY
            .translate(centre, centre)
            .rotate(angle - share / 2.0)
            .translate(0.0, radius)
            .scale(size, size)
            .translate(-glyph.advance / 2.0, 0.0);
        path.extend(glyph.placed(map));
        angle -= share;
    }
    Ok(Shape { colour: PASTE, paint: Paint::Bold(0.08 * unit), path })
}

/// A centred line with its baseline at `y`.
fn line_of_text(text: &str, centre: f64, y: f64, size: f64, narrow: f64) -> Result<Shape, Error> {
    let glyphs = text.chars().map(Glyph::serif).collect::<Result<Vec<_>, _>>()?;
    let mut x = centre - glyphs.iter().map(|g| g.advance).sum::<f64>() * size * narrow / 2.0;
    let mut path = Vec::new();
    for glyph in &glyphs {
        path.extend(glyph.placed(Affine::IDENTITY.translate(x, y).scale(size * narrow, size)));
        x += glyph.advance * size * narrow;
    }
    Ok(Shape { colour: PASTE, paint: Paint::Bold(size * 0.045), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(name: &str) -> CompanySeal {
        CompanySeal {
            name: name.into(),
            purpose: Purpose::Contract,
            number: Some("1101080123456".into()),
            diameter_mm: 40.0,
        }
    }

    /// Every point of every shape lies inside the border's outer edge.
    fn stays_inside(impression: &Impression) -> bool {
        let Artwork::Shapes(shapes) = &impression.artwork else { return false };
        let centre = impression.width_mm / 2.0;
        let inside = |x: f64, y: f64| (x - centre).hypot(y - centre) <= centre + 1e-6;
        shapes.iter().skip(1).flat_map(|s| &s.path).all(|segment| match *segment {
            Segment::Move(x, y) | Segment::Line(x, y) | Segment::Cubic(_, _, _, _, x, y) => inside(x, y),
            Segment::Close => true,
        })
    }

    #[test]
    fn names_of_any_length_stay_inside_the_border() {
        for name in [
            "远山厂",
            "远山机械制造厂",
            "北京衡信电子签章科技有限公司",
            "新疆维吾尔自治区乌鲁木齐市天山区某某股份有限公司分公司",
            "Xinghe Technology (Shanghai) Co., Ltd.",
        ] {
            assert!(stays_inside(&draw(&seal(name)).unwrap()), "{name}");
        }
    }

    #[test]
    fn a_seal_keeps_its_true_size() {
        let drawn = draw(&CompanySeal { diameter_mm: 42.0, ..seal("星河科技有限公司") }).unwrap();
        assert!(drawn.true_size && (drawn.width_mm - 42.0).abs() < 1e-9);
    }

    #[test]
    fn bad_seals_are_refused_with_the_reason() {
        assert_eq!(draw(&seal("")), Err(Error::Empty));
        assert_eq!(
            draw(&CompanySeal { diameter_mm: 60.0, ..seal("星河") }),
            Err(Error::Size { least: 38, most: 45 })
        );
        assert_eq!(draw(&seal("星\u{10ffff}")), Err(Error::NoGlyph('\u{10ffff}')));
    }
}
