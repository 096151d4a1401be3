//! Impressions as PDF appearances (ISO 32000-2 §12.5.5).

use std::fmt::Write;

use crate::path::{Paint, Rgb, Segment, Shape};
use crate::{Artwork, Impression, upload};

/// Points in a millimetre.
const PT: f64 = 72.0 / 25.4;

pub(crate) fn appearance(impression: &Impression, width: f64, height: f64) -> pdf::Appearance {
    let fit = (width / impression.width_mm).min(height / impression.height_mm);
    let scale = if impression.true_size { fit.min(PT) } else { fit };
    let left = (width - impression.width_mm * scale) / 2.0;
    let top = height - (height - impression.height_mm * scale) / 2.0;
    let mut content = String::from("q 1 J 1 j\n");
    let mut images = Vec::new();
    match &impression.artwork {
        Artwork::Shapes(shapes) => {
            let _ = writeln!(content, "{scale:.5} 0 0 {:.5} {left:.3} {top:.3} cm", -scale);
            shapes.iter().for_each(|shape| paint(&mut content, shape));
        }
        Artwork::Picture { png } => {
            if let Ok(picture) = upload::decode(png) {
                let (w, h) = (impression.width_mm * scale, impression.height_mm * scale);
                let _ = writeln!(content, "{w:.3} 0 0 {h:.3} {left:.3} {:.3} cm /Picture Do", top - h);
                images.push(image(&picture));
            }
        }
    }
    content.push_str("Q\n");
    pdf::Appearance { width, height, content: content.into_bytes(), images, ..pdf::Appearance::default() }
}

fn image(picture: &upload::Picture) -> pdf::Image {
    let alpha = picture.rgba.iter().skip(3).step_by(4).copied().collect();
    let rgb = picture.rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    let side = |n: usize| u32::try_from(n).expect("uploads are limited to 16 million pixels");
    let (width, height) = (side(picture.width), side(picture.height));
    pdf::Image { name: "Picture".into(), width, height, rgb, alpha: Some(alpha) }
}

fn paint(content: &mut String, shape: &Shape) {
    let Rgb(r, g, b) = shape.colour;
    let [r, g, b] = [r, g, b].map(|c| f64::from(c) / 255.0);
    let operator = match shape.paint {
        Paint::Fill => {
            let _ = writeln!(content, "{r:.3} {g:.3} {b:.3} rg");
            "f"
        }
        Paint::Stroke(width) => {
            let _ = writeln!(content, "{r:.3} {g:.3} {b:.3} RG {width:.3} w");
            "S"
        }
        Paint::Bold(width) => {
            let _ = writeln!(content, "{r:.3} {g:.3} {b:.3} rg {r:.3} {g:.3} {b:.3} RG {width:.3} w");
            "B"
        }
    };
    for segment in &shape.path {
        let _ = match *segment {
            Segment::Move(x, y) => writeln!(content, "{x:.3} {y:.3} m"),
            Segment::Line(x, y) => writeln!(content, "{x:.3} {y:.3} l"),
            Segment::Cubic(a, b, c, d, x, y) => {
                writeln!(content, "{a:.3} {b:.3} {c:.3} {d:.3} {x:.3} {y:.3} c")
            }
            Segment::Close => writeln!(content, "h"),
        };
    }
    let _ = writeln!(content, "{operator}");
}
