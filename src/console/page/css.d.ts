/** Style sheets are bundled beside the page, not imported as values. */
declare module "*.css";
