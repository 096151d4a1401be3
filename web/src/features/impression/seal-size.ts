/** GA 241 knows company seals of 38 to 45 mm; 40 is what a limited company usually has. */
export const sealDiameters = [38, 40, 42, 45] as const
export const defaultDiameter = 40
