//! A person's signature: drawn or typed.

use serde::{Deserialize, Serialize};

use crate::glyph::Glyph;
use crate::path::{Affine, INK, Paint, Segment, Shape, tidy};
use crate::{Artwork, Error, Impression};

/// The largest box a drawn signature fills, in mm: what a signature on paper usually takes.
const BOX: (f64, f64) = (60.0, 22.0);
/// Pen width in mm: at speed and at rest.
const PEN: (f64, f64) = (0.35, 0.95);
/// More points than a minute of writing at 120 Hz gives.
const MOST_POINTS: usize = 20_000;
const MOST_CHARACTERS: usize = 40;
/// Samples drawn between two recorded points.
const SAMPLES: usize = 4;

/// Where the pen was. `x` and `y` share any unit, y downwards.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
    /// Milliseconds since any fixed moment, where known: fast strokes are thin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub t: Option<f64>,
    /// Pressure from 0 to 1, where the device knows it; it wins over speed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
}

/// The pen's way from touching the pad to leaving it.
pub type Stroke = Vec<Point>;

pub(crate) fn from_strokes(strokes: &[Stroke]) -> Result<Impression, Error> {
    if strokes.iter().map(Vec::len).sum::<usize>() > MOST_POINTS {
        return Err(Error::TooLarge);
    }
    let finite = |p: &Point| p.x.is_finite() && p.y.is_finite() && p.x.abs() < 1e6 && p.y.abs() < 1e6;
    if !strokes.iter().flatten().all(finite) {
        return Err(Error::TooLarge);
    }
    let (left, top, right, bottom) = bounds(strokes).ok_or(Error::Empty)?;
    let (width, height) = (right - left, bottom - top);
    if strokes.iter().map(|s| length(s)).sum::<f64>() < 8.0 || width.max(height) < 4.0 {
        return Err(Error::Empty);
    }
    let margin = PEN.1;
    let scale = ((BOX.0 - 2.0 * margin) / width.max(1.0)).min((BOX.1 - 2.0 * margin) / height.max(1.0));
    let map = Affine::IDENTITY.translate(margin, margin).scale(scale, scale).translate(-left, -top);
    let shapes =
        strokes.iter().filter(|s| !s.is_empty()).flat_map(|stroke| draw(stroke, map, scale)).collect();
    Ok(Impression {
        width_mm: width * scale + 2.0 * margin,
        height_mm: height * scale + 2.0 * margin,
        true_size: false,
        artwork: Artwork::Shapes(shapes),
    })
}

pub(crate) fn typed(name: &str) -> Result<Impression, Error> {
    let name = name.trim();
    match name.chars().count() {
        0 => return Err(Error::Empty),
        n if n > MOST_CHARACTERS => return Err(Error::TooLong { limit: MOST_CHARACTERS }),
        _ => {}
    }
    const SIZE: f64 = 14.0;
    const SLANT: f64 = 0.18;
    let (mut x, mut path) = (SIZE * 0.12, Vec::new());
    for character in name.chars() {
        let glyph = Glyph::serif(character)?;
        path.extend(glyph.placed(Affine::IDENTITY.translate(x, SIZE).scale(SIZE, SIZE).slant(SLANT)));
        x += glyph.advance * SIZE;
    }
    tidy(&mut path);
    Ok(Impression {
        width_mm: x + SIZE * 0.25,
        height_mm: SIZE * 1.32,
        true_size: false,
        artwork: Artwork::Shapes(vec![Shape { colour: INK, paint: Paint::Bold(0.2), path }]),
    })
}

fn bounds(strokes: &[Stroke]) -> Option<(f64, f64, f64, f64)> {
    strokes.iter().flatten().fold(None, |all, p| {
        let (l, t, r, b) = all.unwrap_or((p.x, p.y, p.x, p.y));
        Some((l.min(p.x), t.min(p.y), r.max(p.x), b.max(p.y)))
    })
}

fn length(stroke: &[Point]) -> f64 {
    stroke.windows(2).map(|w| (w[1].x - w[0].x).hypot(w[1].y - w[0].y)).sum()
}

/// A stroke as runs of equal width. Runs overlap in round caps, so that no sharp turn leaves a hole, as an outline
/// of varying width would.
fn draw(stroke: &[Point], map: Affine, scale: f64) -> Vec<Shape> {
    let points = smooth(stroke);
    let mut shapes: Vec<Shape> = Vec::new();
    let mut width = pen_width(stroke, 0, scale);
    let mut last = map.point(points[0].0, points[0].1);
    if points.len() == 1 {
        let path = vec![Segment::Move(last.0, last.1), Segment::Line(last.0 + 0.01, last.1)];
        return vec![Shape { colour: INK, paint: Paint::Stroke(PEN.1), path }];
    }
    for (i, (x, y)) in points.iter().enumerate().skip(1) {
        let wanted = pen_width(stroke, i / SAMPLES, scale);
        width += (wanted - width) * 0.25;
        let (stepped, at) = ((width * 20.0).round() / 20.0, map.point(*x, *y));
        match shapes.last_mut() {
            Some(Shape { paint: Paint::Stroke(w), path, .. }) if (*w - stepped).abs() < 1e-9 => {
                path.push(Segment::Line(at.0, at.1));
            }
            _ => shapes.push(Shape {
                colour: INK,
                paint: Paint::Stroke(stepped),
                path: vec![Segment::Move(last.0, last.1), Segment::Line(at.0, at.1)],
            }),
        }
        last = at;
    }
    shapes.iter_mut().for_each(|shape| tidy(&mut shape.path));
    shapes
}

/// Catmull-Rom interpolation: `SAMPLES` points for each recorded one.
fn smooth(stroke: &[Point]) -> Vec<(f64, f64)> {
    let at = |i: usize| stroke.get(i).or(stroke.last()).map_or((0.0, 0.0), |p| (p.x, p.y));
    let mut points = vec![at(0)];
    for i in 0..stroke.len().saturating_sub(1) {
        let (p0, p1, p2, p3) = (at(i.saturating_sub(1)), at(i), at(i + 1), at(i + 2));
        for step in 1..=SAMPLES {
            #[expect(clippy::cast_precision_loss, reason = "at most SAMPLES")]
            let t = step as f64 / SAMPLES as f64;
            let curve = |a: f64, b: f64, c: f64, d: f64| {
                0.5 * (2.0 * b
                    + (c - a) * t
                    + (2.0 * a - 5.0 * b + 4.0 * c - d) * t * t
                    + (3.0 * b - a - 3.0 * c + d) * t * t * t)
            };
            points.push((curve(p0.0, p1.0, p2.0, p3.0), curve(p0.1, p1.1, p2.1, p3.1)));
        }
    }
    points
}

/// The width in mm at a recorded point: by pressure, else by speed, else the mean.
fn pen_width(stroke: &[Point], index: usize, scale: f64) -> f64 {
    let index = index.min(stroke.len().saturating_sub(1));
    let (Some(point), before) = (stroke.get(index), stroke.get(index.saturating_sub(1))) else {
        return PEN.0;
    };
    let ease = |share: f64| PEN.0 + (PEN.1 - PEN.0) * share.clamp(0.0, 1.0);
    match (point.p, point.t, before.and_then(|b| b.t.map(|t| (b, t)))) {
        // 0 and 0.5 are what devices without pressure report.
        (Some(p), ..) if p > 0.0 && (p - 0.5).abs() > 1e-6 => ease(p),
        (_, Some(t), Some((b, t0))) if t > t0 => {
            let speed = (point.x - b.x).hypot(point.y - b.y) * scale / (t - t0); // mm a ms
            ease(1.0 - speed / 0.25)
        }
        _ => ease(0.5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(n: u32) -> Stroke {
        (0..n)
            .map(|i| Point {
                x: f64::from(i) * 3.0,
                y: f64::from(i % 7),
                t: Some(f64::from(i) * 8.0),
                p: None,
            })
            .collect()
    }

    #[test]
    fn a_drawn_signature_fits_its_box_and_keeps_proportions() {
        let drawn = from_strokes(&[line(60), line(20)]).unwrap();
        assert!(drawn.width_mm <= BOX.0 + 1e-9 && drawn.height_mm <= BOX.1 + 1e-9);
        assert!(drawn.width_mm / drawn.height_mm > 5.0);
    }

    #[test]
    fn a_dot_or_nothing_is_refused() {
        assert_eq!(from_strokes(&[]), Err(Error::Empty));
        assert_eq!(from_strokes(&[vec![Point { x: 1.0, y: 1.0, t: None, p: None }]]), Err(Error::Empty));
    }

    #[test]
    fn absurd_input_is_refused() {
        assert_eq!(
            from_strokes(&[vec![Point { x: f64::NAN, y: 0.0, t: None, p: None }; 3]]),
            Err(Error::TooLarge)
        );
        assert_eq!(from_strokes(&[line(30_000)]), Err(Error::TooLarge));
    }

    #[test]
    fn chinese_and_latin_names_are_set() {
        assert!(typed("欧阳修").unwrap().width_mm > typed("王五").unwrap().width_mm);
        assert!(typed("Ada Lovelace").is_ok());
        assert_eq!(typed("  "), Err(Error::Empty));
    }
}
