//! Pages with their inherited attributes (ISO 32000-2, 7.7.3).

use crate::geometry::{Matrix, Rect, Rotation, display_to_user};
use crate::{Dict, Ref};

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The page object.
    pub reference: Ref,
    /// Position in the document, from 0.
    pub index: usize,
    /// /MediaBox, inherited; A4 where none is given.
    pub media_box: Rect,
    /// The visible part: /CropBox within the media box.
    pub crop_box: Rect,
    /// /Rotate, inherited.
    pub rotation: Rotation,
    /// The page dictionary as it stands, without what it inherits.
    pub dict: Dict,
    /// /Resources of the page or the nearest ancestor that has them.
    pub resources: Dict,
}

impl Page {
    /// Width as displayed, in points.
    pub fn width(&self) -> f64 {
        if self.rotation.turns_sideways() { self.crop_box.height() } else { self.crop_box.width() }
    }

    /// Height as displayed, in points.
    pub fn height(&self) -> f64 {
        if self.rotation.turns_sideways() { self.crop_box.width() } else { self.crop_box.height() }
    }

    /// From the displayed page (top left origin, y down, points) to user space.
    pub fn display_matrix(&self) -> Matrix {
        display_to_user(self.crop_box, self.rotation)
    }

    /// The user space rectangle of a rectangle of the displayed page.
    pub fn to_user_space(&self, display: Rect) -> Rect {
        self.display_matrix().apply_rect(display)
    }

    /// The rectangle of the displayed page of a user space rectangle.
    pub fn to_display(&self, user: Rect) -> Rect {
        // A display matrix only turns and shifts: it has an inverse.
        self.display_matrix().inverse().unwrap_or(Matrix::IDENTITY).apply_rect(user)
    }

    /// The /Matrix that an upright appearance needs on this page.
    pub fn appearance_matrix(&self) -> Matrix {
        self.rotation.appearance_matrix()
    }
}
