<?php
// The site's settings, from the variables that the official images take.
function from_environment( $name, $default ) {
	$file = getenv( $name . '_FILE' );
	if ( $file ) {
		return rtrim( file_get_contents( $file ), "\r\n" );
	}
	$value = getenv( $name );
	return false === $value ? $default : $value;
}

define( 'DB_HOST', from_environment( 'WORDPRESS_DB_HOST', 'mysql' ) );
define( 'DB_USER', from_environment( 'WORDPRESS_DB_USER', 'example username' ) );
define( 'DB_PASSWORD', from_environment( 'WORDPRESS_DB_PASSWORD', 'example password' ) );
define( 'DB_NAME', from_environment( 'WORDPRESS_DB_NAME', 'wordpress' ) );
define( 'DB_CHARSET', from_environment( 'WORDPRESS_DB_CHARSET', 'utf8mb4' ) );
define( 'DB_COLLATE', from_environment( 'WORDPRESS_DB_COLLATE', '' ) );
$table_prefix = from_environment( 'WORDPRESS_TABLE_PREFIX', 'wp_' );

// Made at the first start, in the folder of the site.
require __DIR__ . '/wp-keys.php';

define( 'WP_DEBUG', (bool) from_environment( 'WORDPRESS_DEBUG', '' ) );
// A lab may have no way out: nothing here looks for updates by itself.
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'DISABLE_WP_CRON', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
