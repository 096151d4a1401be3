import { Menu } from '@mantine/core'
import { IconDownload, IconListCheck, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from '@/features/signing/step-bar.module.css'

interface DocumentMenuProps {
  openList: () => void
  download: string
  zoom: number
  setZoom: (zoom: number) => void
}

const step = 1.25
const most = 3

export function DocumentMenu({ openList, download, zoom, setZoom }: DocumentMenuProps) {
  const { t } = useTranslation('signing')
  const size = 18
  return (
    <>
      <Menu.Item
        className={classes.menuItem}
        leftSection={<IconListCheck size={size} aria-hidden />}
        onClick={openList}
      >
        {t('document.menu_list')}
      </Menu.Item>
      <Menu.Item
        className={classes.menuItem}
        leftSection={<IconZoomIn size={size} aria-hidden />}
        closeMenuOnClick={false}
        disabled={zoom >= most}
        onClick={() => setZoom(Math.min(most, zoom * step))}
      >
        {t('document.menu_zoom_in')}
      </Menu.Item>
      <Menu.Item
        className={classes.menuItem}
        leftSection={<IconZoomOut size={size} aria-hidden />}
        closeMenuOnClick={false}
        disabled={zoom <= 1}
        onClick={() => setZoom(Math.max(1, zoom / step))}
      >
        {t('document.menu_zoom_out')}
      </Menu.Item>
      <Menu.Item
        component="a"
        href={download}
        download
        className={classes.menuItem}
        leftSection={<IconDownload size={size} aria-hidden />}
      >
        {t('document.menu_download')}
      </Menu.Item>
    </>
  )
}
